// What of a disk a task takes: its files by name, and those without a name that its threads have open or mapped.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "CSandbox.h"
#include "tree.h"

enum {
    // Each level takes a descriptor while it is looked at.
    DEPTH_MAX = 128,
    // Files without a name that are told apart.
    SEEN_MAX = 4096,
    // Entries that are looked at: some seconds' worth.
    ENTRIES_MAX = 1000000,
    BLOCK = 512,
};

struct measurement {
    struct sandbox_use *use;
    dev_t device;
    size_t budget;
    ino_t seen[SEEN_MAX];
};

static struct dirent *next_counted(DIR *stream, struct measurement *all) {
    struct dirent *entry = next_entry(stream);
    if (entry && all->budget-- == 0) {
        all->budget = 0;
        all->use->is_partial = true;
        return NULL;
    }
    return entry;
}

static void measure_entry(int directory, const char *name, struct measurement *all, unsigned depth) {
    struct stat status;
    // What is gone meanwhile takes nothing.
    if (fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) < 0) return;
    bool is_directory = S_ISDIR(status.st_mode);
    // A file with several names counts once over all of them.
    nlink_t names = is_directory || status.st_nlink == 0 ? 1 : status.st_nlink;
    all->use->bytes += (uint64_t)status.st_blocks * BLOCK / names;
    all->use->files++;
    if (!is_directory) return;
    DIR *stream = depth < DEPTH_MAX ? open_directory(directory, name) : NULL;
    if (!stream) {
        all->use->is_partial = all->use->is_partial || depth == DEPTH_MAX;
        return;
    }
    for (struct dirent *entry; (entry = next_counted(stream, all));)
        measure_entry(dirfd(stream), entry->d_name, all, depth + 1);
    closedir(stream);
}

// Whether an open file lies on the disk: on it, or on an overlay, as root tasks have.
static bool lies_on(const char *path, const struct stat *status, dev_t device) {
    struct statfs system;
    return status->st_dev == device || (statfs(path, &system) == 0 && system.f_type == OVERLAYFS_SUPER_MAGIC);
}

// Remembers a file. Returns false for one that was counted already.
static bool is_new(ino_t inode, struct measurement *all) {
    size_t place = inode % SEEN_MAX;
    for (size_t tries = 0; tries < SEEN_MAX; tries++, place = (place + 1) % SEEN_MAX) {
        if (all->seen[place] == inode) return false;
        if (all->seen[place] != 0) continue;
        all->seen[place] = inode;
        return true;
    }
    all->use->is_partial = true;
    return false;
}

// Whether descriptors that were sent wait in a socket, where nobody can look at them.
static bool holds_descriptors(pid_t thread, const char *descriptor) {
    char path[320], text[1024];
    snprintf(path, sizeof path, "/proc/%d/fdinfo/%s", thread, descriptor);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return false;
    ssize_t length = read(file, text, sizeof text - 1);
    close(file);
    text[length > 0 ? length : 0] = 0;
    const char *count = strstr(text, "scm_fds:");
    return count && strtoul(count + strlen("scm_fds:"), NULL, 10) > 0;
}

// Whether a process is the first of its sandbox: its socket is the agent's, and is sent descriptors at each start.
static bool is_first(pid_t process) {
    char path[64], text[4096];
    snprintf(path, sizeof path, "/proc/%d/status", process);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return false;
    ssize_t length = read(file, text, sizeof text - 1);
    close(file);
    text[length > 0 ? length : 0] = 0;
    int outside = 0, inside = 0;
    const char *ids = strstr(text, "\nNSpid:");
    return ids && sscanf(ids, "\nNSpid:%d%d", &outside, &inside) == 2 && inside == 1;
}

// What a thread holds, in one of the directories that /proc has of that. Their links lead to the files themselves,
// whatever their names were; looking at them opens nothing.
static void measure_held(pid_t thread, const char *directory, struct measurement *all) {
    char path[320];
    struct stat status;
    snprintf(path, sizeof path, "/proc/%d/%s", thread, directory);
    DIR *stream = open_directory(AT_FDCWD, path);
    if (!stream) return;
    bool hides = !is_first(thread);
    for (struct dirent *entry; (entry = next_counted(stream, all));) {
        snprintf(path, sizeof path, "/proc/%d/%s/%s", thread, directory, entry->d_name);
        if (stat(path, &status) < 0) continue;
        if (hides && S_ISSOCK(status.st_mode) && holds_descriptors(thread, entry->d_name)) all->use->is_partial = true;
        if (!S_ISREG(status.st_mode) || status.st_nlink != 0 || !lies_on(path, &status, all->device) ||
            !is_new(status.st_ino, all))
            continue;
        all->use->bytes += (uint64_t)status.st_blocks * BLOCK;
        all->use->files++;
    }
    closedir(stream);
}

int sandbox_measure(int directory, const char *name, const pid_t *threads, size_t count, struct sandbox_use *use) {
    struct stat place;
    *use = (struct sandbox_use){0};
    struct measurement *all = calloc(1, sizeof *all);
    if (!all || fstat(directory, &place) < 0) {
        free(all);
        return -errno;
    }
    all->use = use;
    all->device = place.st_dev;
    all->budget = ENTRIES_MAX;
    measure_entry(directory, name, all, 0);
    for (size_t i = 0; i < count; i++) {
        measure_held(threads[i], "fd", all);
        measure_held(threads[i], "map_files", all);
    }
    free(all);
    return 0;
}
