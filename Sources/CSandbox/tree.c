#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "CSandbox.h"
#include "tree.h"

enum { COPY_DEPTH_MAX = 16, COPY_FILE_MAX = 16 << 20 };

DIR *open_directory(int directory, const char *name) {
    int descriptor = openat(directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (descriptor < 0) return NULL;
    DIR *stream = fdopendir(descriptor);
    if (!stream) close(descriptor);
    return stream;
}

struct dirent *next_entry(DIR *stream) {
    struct dirent *entry;
    do entry = readdir(stream);
    while (entry && (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0));
    return entry;
}

// Removes a file or an empty directory. Returns 0, or 1 for a directory with something in it.
static int remove_entry(int directory, const char *name) {
    if (unlinkat(directory, name, 0) == 0 || errno == ENOENT) return 0;
    if (errno != EISDIR && errno != EPERM) return -errno;
    if (unlinkat(directory, name, AT_REMOVEDIR) == 0 || errno == ENOENT) return 0;
    return errno == ENOTEMPTY || errno == EEXIST ? 1 : -errno;
}

struct removal {
    unsigned long moved;  // names given out so far
    bool progressed;      // in this pass
    int error;            // the last one of this pass
};

// What cannot be removed now may go in the next pass, as a full disk has room again then.
static void note(struct removal *removal, int result) {
    if (result == 0) removal->progressed = true;
    if (result < 0) removal->error = result;
}

// Moves a directory with something in it up to `top`, so that depth costs nothing.
static int move_up(int directory, const char *name, int top, struct removal *removal) {
    char place[NAME_MAX];
    snprintf(place, sizeof place, "landfall-removed-%lu", removal->moved++);
    if (renameat(directory, name, top, place) == 0 || errno == EEXIST || errno == ENOTEMPTY) return 0;
    return -errno;
}

// Empties the directory `name` of `top`, but for what moves up.
static int empty_directory(int top, const char *name, struct removal *removal) {
    DIR *stream = open_directory(top, name);
    if (!stream) return -errno;
    for (struct dirent *entry; (entry = next_entry(stream));) {
        int result = remove_entry(dirfd(stream), entry->d_name);
        note(removal, result == 1 ? move_up(dirfd(stream), entry->d_name, top, removal) : result);
    }
    closedir(stream);
    return 1;
}

// One pass over the entries of a directory. Returns whether there was any.
static bool remove_entries(DIR *top, struct removal *removal) {
    bool found = false;
    removal->progressed = false;
    rewinddir(top);
    for (struct dirent *entry; (entry = next_entry(top));) {
        found = true;
        int result = remove_entry(dirfd(top), entry->d_name);
        note(removal, result == 1 ? empty_directory(dirfd(top), entry->d_name, removal) : result);
    }
    return found;
}

int sandbox_remove_tree(int directory, const char *name) {
    int result = remove_entry(directory, name);
    if (result != 1) return result;
    DIR *top = open_directory(directory, name);
    if (!top) return -errno;
    struct removal removal = {0};
    while (remove_entries(top, &removal) && removal.progressed) continue;
    closedir(top);
    if (unlinkat(directory, name, AT_REMOVEDIR) == 0) return 0;
    return removal.error != 0 ? removal.error : -errno;
}

static int copy_bytes(int from, int to, off_t length) {
    while (length > 0) {
        ssize_t count = sendfile(to, from, NULL, (size_t)length);
        if (count < 0) return -errno;
        if (count == 0) break;
        length -= count;
    }
    return 0;
}

static int copy_file(int from_directory, const char *from, int directory, const char *name, const struct stat *status) {
    int source = openat(from_directory, from, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (source < 0) return -errno;
    int target = openat(directory, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    int result = target < 0 ? -errno : copy_bytes(source, target, status->st_size);
    if (result == 0 && fchmod(target, status->st_mode & 0755) < 0) result = -errno;
    if (target >= 0) close(target);
    close(source);
    return result;
}

static int copy_link(int from_directory, const char *from, int directory, const char *name) {
    char target[PATH_MAX];
    ssize_t length = readlinkat(from_directory, from, target, sizeof target - 1);
    if (length < 0) return -errno;
    target[length] = 0;
    return symlinkat(target, directory, name) == 0 ? 0 : -errno;
}

static int copy_entry(int from_directory, const char *from, int directory, const char *name, int depth);

static int copy_directory(int from_directory, const char *from, int directory, const char *name, int depth) {
    DIR *source = open_directory(from_directory, from);
    if (!source) return -errno;
    int result = mkdirat(directory, name, 0755) == 0 ? 0 : -errno;
    int target = result == 0 ? openat(directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1;
    if (result == 0 && target < 0) result = -errno;
    for (struct dirent *entry; result == 0 && (entry = next_entry(source));)
        result = copy_entry(dirfd(source), entry->d_name, target, entry->d_name, depth + 1);
    if (target >= 0) close(target);
    closedir(source);
    return result;
}

static int copy_entry(int from_directory, const char *from, int directory, const char *name, int depth) {
    struct stat status;
    if (fstatat(from_directory, from, &status, AT_SYMLINK_NOFOLLOW) < 0) return -errno;
    if (S_ISLNK(status.st_mode)) return copy_link(from_directory, from, directory, name);
    if (S_ISDIR(status.st_mode) && (status.st_mode & 05) == 05 && depth < COPY_DEPTH_MAX)
        return copy_directory(from_directory, from, directory, name, depth);
    if (S_ISREG(status.st_mode) && (status.st_mode & 04) != 0 && status.st_size <= COPY_FILE_MAX)
        return copy_file(from_directory, from, directory, name, &status);
    return 0;
}

int sandbox_copy_public(const char *from, int directory, const char *name) {
    return copy_entry(AT_FDCWD, from, directory, name, 0);
}
