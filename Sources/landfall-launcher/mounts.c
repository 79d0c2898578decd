#define _GNU_SOURCE
#include "mounts.h"

#include <errno.h>
#include <unistd.h>

#include "launcher.h"

int copy_mount(const char *from, const char *to, unsigned flags, const struct mount_attr *attributes) {
    struct mount_attr wanted = *attributes;
    wanted.propagation = MS_PRIVATE;
    int copy = open_tree(AT_FDCWD, from, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | flags);
    if (attempt(copy, from) < 0) return -1;
    int result = attempt(mount_setattr(copy, "", AT_EMPTY_PATH | flags, &wanted, sizeof wanted), from);
    if (result == 0) result = attempt(move_mount(copy, "", AT_FDCWD, to, MOVE_MOUNT_F_EMPTY_PATH), to);
    int error = errno;
    close(copy);
    errno = error;
    return result;
}
