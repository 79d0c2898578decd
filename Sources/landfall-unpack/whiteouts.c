#define _GNU_SOURCE
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "unpack.h"

static const char prefix[] = ".wh.", reserved[] = ".wh..wh.", opaque[] = ".wh..wh..opq";

static bool is_whiteout(const struct stat *there) { return S_ISCHR(there->st_mode) && there->st_rdev == makedev(0, 0); }

bool holds_whiteout(const struct place *place) {
    struct stat there;
    return fstatat(place->directory, place->name, &there, AT_SYMLINK_NOFOLLOW) == 0 && is_whiteout(&there);
}

// Hides what lower layers have at a place, and nothing of this layer: whichever comes first in the archive.
static void hide(const struct place *place) {
    struct stat there;
    if (fstatat(place->directory, place->name, &there, AT_SYMLINK_NOFOLLOW) == 0) {
        if (S_ISDIR(there.st_mode)) mark_opaque(place->directory, place->name);
        return;
    }
    count_entry(0);
    // A whiteout of overlayfs, which the kernel lets everybody make: no device has this number.
    if (mknodat(place->directory, place->name, S_IFCHR, makedev(0, 0)) < 0) stop_at("make a whiteout");
}

bool apply_whiteout(const struct place *place) {
    if (strncmp(place->name, prefix, strlen(prefix)) != 0) return false;
    if (strcmp(place->name, opaque) == 0) {
        mark_opaque(place->directory, ".");
        return true;
    }
    // What else is called so was AUFS's own.
    if (strncmp(place->name, reserved, strlen(reserved)) == 0) return true;
    struct place hidden = {.directory = place->directory};
    strcpy(hidden.name, place->name + strlen(prefix));
    if (strcmp(hidden.name, "") == 0 || strcmp(hidden.name, ".") == 0 || strcmp(hidden.name, "..") == 0)
        refuse("is a whiteout of nothing");
    hide(&hidden);
    return true;
}
