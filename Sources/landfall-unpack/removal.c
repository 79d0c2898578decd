#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unpack.h"

// Each level holds a descriptor.
enum { DEEPEST = 40 };

static void remove_tree(int parent, const char *name, int depth);

static void remove_content(int directory, int depth) {
    DIR *stream = fdopendir(directory);
    if (!stream) stop_at("list what was there before");
    for (struct dirent *entry; (entry = readdir(stream));)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            remove_tree(dirfd(stream), entry->d_name, depth);
    closedir(stream);
}

static void remove_tree(int parent, const char *name, int depth) {
    if (unlinkat(parent, name, 0) == 0) return;
    if (errno != EISDIR) stop_at("remove what was there before");
    if (depth == DEEPEST) refuse("takes the place of directories too deep");
    int directory = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (directory < 0) stop_at("open what was there before");
    remove_content(directory, depth + 1);
    if (unlinkat(parent, name, AT_REMOVEDIR) < 0) stop_at("remove what was there before");
}

void displace(const struct place *place) {
    if (is_root(place)) refuse("is the root, and no directory");
    remove_tree(place->directory, place->name, 0);
    forget_places();
}
