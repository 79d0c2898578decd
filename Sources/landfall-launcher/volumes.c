// The volumes of a sandbox: mounts that the agent has made, and that scripts and containers see at their places.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "launcher.h"
#include "mounts.h"

int attach_volumes(const struct sandbox *sandbox) {
    if (sandbox->order.volume_count == 0) return 0;
    if (attempt(mount("landfall", "/volumes", "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755,size=64k"), "/volumes") < 0)
        return -1;
    for (uint32_t i = 0; i < sandbox->order.volume_count; i++) {
        char place[32];
        snprintf(place, sizeof place, "/volumes/%u", i);
        if (make_directory(place, 0755, 0, 0) < 0 ||
            attempt(move_mount(sandbox->volumes[i], "", AT_FDCWD, place, MOVE_MOUNT_F_EMPTY_PATH), place) < 0)
            return -1;
    }
    return 0;
}

// The tops below which scripts of an account may have volumes: the rest of what they see is every sandbox's.
static const char *const tops[] = {"/mnt", "/media", "/srv"};

// Lets directories be made below the top that a place is in.
static int open_top(const char *target, const char *place, bool opened[]) {
    for (size_t i = 0; i < sizeof tops / sizeof *tops; i++) {
        size_t length = strlen(tops[i]);
        if (strncmp(place, tops[i], length) != 0 || place[length] != '/') continue;
        char path[64];
        snprintf(path, sizeof path, "%s%s", target, tops[i]);
        if (opened[i]) return 0;
        opened[i] = true;
        return attempt(mount("landfall", path, "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755,size=1m"), path);
    }
    errno = EROFS;
    return attempt(-1, "a volume's place: it has to be below /mnt, /media or /srv");
}

// Makes the directories of a path below `target`, and opens the last. No part may be a link.
static int make_place(const char *target, const char *path) {
    int directory = open(target, O_PATH | O_DIRECTORY | O_CLOEXEC);
    char name[LAUNCHER_PATH_SIZE];
    while (directory >= 0 && *(path += strspn(path, "/"))) {
        size_t length = strcspn(path, "/");
        snprintf(name, sizeof name, "%.*s", (int)length, path);
        path += length;
        if (mkdirat(directory, name, 0755) < 0 && errno != EEXIST) break;
        int next = openat(directory, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        int error = errno;
        close(directory);
        errno = error;
        directory = next;
        *name = 0;
    }
    if (directory >= 0 && *path == 0) return directory;
    if (directory >= 0) close(directory);
    return -1;
}

static int show_volume(const char *target, const char *place, uint32_t number) {
    char from[32];
    snprintf(from, sizeof from, "/volumes/%u", number);
    int directory = make_place(target, place);
    if (attempt(directory, place) < 0) return -1;
    int copy = open_tree(AT_FDCWD, from, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);
    int result = attempt(copy, from);
    if (result == 0)
        result = attempt(
            move_mount(copy, "", directory, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH), place);
    int error = errno;
    if (copy >= 0) close(copy);
    close(directory);
    errno = error;
    return result;
}

int show_volumes(const struct sandbox *sandbox, const char *target) {
    bool opened[sizeof tops / sizeof *tops] = {false};
    const char *place = sandbox->places;
    for (uint32_t i = 0; i < sandbox->order.volume_count; i++, place += strlen(place) + 1) {
        if (*place == 0) continue;
        // A root task's files are its own already.
        if (!sandbox->order.is_root && open_top(target, place, opened) < 0) return -1;
        if (show_volume(target, place, i) < 0) return -1;
    }
    return 0;
}
