#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "unpack.h"

// Entries of one directory follow each other as a rule.
static char last_path[PATH_MAX];
static int last_directory = -1;

int root_directory(void) {
    static int root = -1;
    if (root < 0) root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (root < 0) fail("open the layer's root");
    return root;
}

bool is_root(const struct place *place) { return strcmp(place->name, ".") == 0; }

void forget_places(void) {
    // No path is empty: the next search finds another. What has been found may still be in use.
    last_path[0] = 0;
}

static size_t append(char *to, size_t length, const char *part, size_t size) {
    if (length + size + 2 > PATH_MAX) refuse("has too long a path");
    if (length > 0) to[length++] = '/';
    memcpy(to + length, part, size);
    to[length + size] = 0;
    return length + size;
}

void normalize(const char *path, char normalized[PATH_MAX]) {
    size_t length = 0;
    normalized[0] = 0;
    for (const char *part = path; *part;) {
        size_t size = strcspn(part, "/");
        if (size == 2 && memcmp(part, "..", 2) == 0) refuse("leads out of its directory by \"..\"");
        if (size > NAME_MAX) refuse("has a name of more than %d bytes", NAME_MAX);
        if (size > 0 && !(size == 1 && *part == '.')) length = append(normalized, length, part, size);
        part += size;
        part += strspn(part, "/");
    }
    if (length == 0) strcpy(normalized, ".");
}

// Links are followed within the root: one to /etc leads to the layer's etc.
int open_within_root(const char *path) {
    const struct open_how how = {.flags = O_PATH | O_DIRECTORY | O_CLOEXEC,
                                 .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV};
    return (int)syscall(SYS_openat2, root_directory(), path, &how, sizeof how);
}

// Cuts the last name off a normalised path; returns it.
static const char *cut_name(char *path) {
    char *slash = strrchr(path, '/');
    if (!slash) return NULL;
    *slash = 0;
    return slash + 1;
}

// Makes a directory that no entry of the layer has named before what is in it, unless it is there.
static void make_if_missing(const char *path) {
    int directory = open_within_root(path);
    if (directory < 0 && errno != ENOENT && errno != ENOTDIR) stop_at("open a directory that leads to it");
    if (directory < 0) {
        char parent[PATH_MAX];
        strcpy(parent, path);
        const char *name = cut_name(parent);
        struct place place = {.directory = open_within_root(name ? parent : ".")};
        if (place.directory < 0) stop_at("open a directory that leads to it");
        strcpy(place.name, name ? name : path);
        struct stat there;
        if (fstatat(place.directory, place.name, &there, AT_SYMLINK_NOFOLLOW) == 0 && !holds_whiteout(&place))
            refuse("is in a directory that is a file, or a link to nothing");
        make_directory(&place);
        directory = place.directory;
    }
    close(directory);
}

static int open_or_make(char *path) {
    int directory = open_within_root(path);
    if (directory >= 0) return directory;
    for (char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        make_if_missing(path);
        *slash = '/';
    }
    make_if_missing(path);
    directory = open_within_root(path);
    if (directory < 0) stop_at("open the directory that it is in");
    return directory;
}

struct place find_place(const char *path) {
    struct place place;
    char parent[PATH_MAX];
    normalize(path, parent);
    const char *name = cut_name(parent);
    strcpy(place.name, name ? name : parent);
    if (!name) strcpy(parent, ".");
    if (strcmp(parent, last_path) != 0) {
        if (last_directory >= 0) close(last_directory);
        last_directory = open_or_make(parent);
        strcpy(last_path, parent);
    }
    place.directory = last_directory;
    return place;
}
