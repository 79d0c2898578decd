// Between two attempts: a sandbox that an account's task left as it was found serves the next one.
//
// A task of an account has no capability, no other user id and no namespace of its own. Once its processes are gone,
// it can have left something in five directories, in its IPC namespace, and in its network, which the agent looks at.
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "launcher.h"

enum { PLACES = 5 };

// A directory that a task can write to. All but the home are root's and sticky: their own attributes cannot change.
static struct place {
    char path[LAUNCHER_NAME_SIZE + 8];
    struct stat status;
    ssize_t attributes;      // the length of their list, access lists included; -1: none on this file system
    unsigned flags;          // such as no-dump; 0 on file systems without
    unsigned project;
} places[PLACES];

static int look(int directory, struct place *place) {
    if (fstat(directory, &place->status) < 0) return -1;
    place->attributes = flistxattr(directory, NULL, 0);
    struct fsxattr extended = {0};
    int flags = 0;
    if (ioctl(directory, FS_IOC_FSGETXATTR, &extended) < 0) extended.fsx_projid = 0;
    if (ioctl(directory, FS_IOC_GETFLAGS, &flags) < 0) flags = 0;
    place->flags = (unsigned)flags;
    place->project = extended.fsx_projid;
    return 0;
}

// The path's parents are root's: it leads where it led before.
static int open_place(const char *path) { return open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC); }

int note_places(const struct sandbox *sandbox) {
    char home[sizeof places->path];
    snprintf(home, sizeof home, "/home/%s", sandbox->order.name);
    const char *paths[PLACES] = {home, "/tmp", "/var/tmp", "/dev/shm", "/run/lock"};
    for (size_t i = 0; i < PLACES; i++) {
        snprintf(places[i].path, sizeof places[i].path, "%s", paths[i]);
        int directory = open_place(paths[i]);
        int result = directory < 0 ? -1 : look(directory, &places[i]);
        if (directory >= 0) close(directory);
        if (attempt(result, paths[i]) < 0) return -1;
    }
    return 0;
}

static bool is_empty(int directory) {
    DIR *stream = fdopendir(dup(directory));
    if (!stream) return false;
    bool empty = true;
    errno = 0;
    for (struct dirent *entry; empty && (entry = readdir(stream));)
        empty = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
    empty = empty && errno == 0;
    closedir(stream);
    return empty;
}

// A directory that once held much stays large.
static bool is_as_found(const struct place *place) {
    int directory = open_place(place->path);
    if (directory < 0) return false;
    struct place now;
    bool same = look(directory, &now) == 0 && now.status.st_mode == place->status.st_mode &&
                now.status.st_uid == place->status.st_uid && now.status.st_gid == place->status.st_gid &&
                now.status.st_size == place->status.st_size && now.status.st_blocks == place->status.st_blocks &&
                now.attributes == place->attributes && now.flags == place->flags && now.project == place->project &&
                is_empty(directory);
    close(directory);
    return same;
}

// The scripts of the runs; nobody else can put a file there.
static int remove_scripts(void) {
    DIR *stream = opendir("/run/landfall");
    if (!stream) return -1;
    int result = 0;
    for (struct dirent *entry; (entry = readdir(stream));)
        if (entry->d_name[0] != '.' && unlinkat(dirfd(stream), entry->d_name, 0) < 0) result = -1;
    closedir(stream);
    return result;
}

int renew(void) {
    for (size_t i = 0; i < PLACES; i++)
        if (!is_as_found(&places[i])) return -1;
    if (remove_scripts() < 0) return -1;
    // Instead of looking for what lies in the old one.
    return unshare(CLONE_NEWIPC);
}

static int replace_text(const char *path, const char *text, size_t length) {
    int file = open(path, O_WRONLY | O_TRUNC | O_NOFOLLOW | O_CLOEXEC);
    if (file < 0) return -1;
    ssize_t written = write(file, text, length);
    close(file);
    return written == (ssize_t)length ? 0 : -1;
}

int rename_host(const char *hostname) {
    char text[512];
    if (sethostname(hostname, strlen(hostname)) < 0) return -1;
    if (replace_text("/etc/hosts", text, hosts_text(text, sizeof text, hostname)) < 0) return -1;
    return replace_text("/etc/hostname", text, hostname_text(text, sizeof text, hostname));
}
