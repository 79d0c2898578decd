// Mounts that are attached nowhere yet: the launcher puts them into a sandbox.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <linux/securebits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "CSandbox.h"

static int set_text(int context, const char *name, const char *value) {
    return fsconfig(context, FSCONFIG_SET_STRING, name, value, 0) < 0 ? -errno : 0;
}

static int set_number(int context, const char *name, const char *format, uint64_t value) {
    char text[32];
    snprintf(text, sizeof text, format, (unsigned long long)value);
    return set_text(context, name, text);
}

int sandbox_volume_memory(uint64_t bytes, uid_t uid, gid_t gid, mode_t mode) {
    int context = fsopen("tmpfs", FSOPEN_CLOEXEC);
    if (context < 0) return -errno;
    int error = bytes == 0 ? set_text(context, "size", "100%") : set_number(context, "size", "%llu", bytes);
    if (error == 0) error = set_number(context, "uid", "%llu", uid);
    if (error == 0) error = set_number(context, "gid", "%llu", gid);
    if (error == 0) error = set_number(context, "mode", "%llo", mode);
    if (error == 0 && fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0) error = -errno;
    int mount = error == 0 ? fsmount(context, FSMOUNT_CLOEXEC, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV) : error;
    if (error == 0 && mount < 0) mount = -errno;
    close(context);
    return mount;
}

int sandbox_volume_directory(int parent, const char *path) {
    struct open_how how = {.flags = O_PATH | O_DIRECTORY | O_CLOEXEC, .resolve = RESOLVE_NO_SYMLINKS};
    int directory = (int)syscall(SYS_openat2, parent, path, &how, sizeof how);
    if (directory < 0) return -errno;
    // What is mounted below comes too: an operator who shows /data means the disks in it.
    int copy = open_tree(directory, "", AT_EMPTY_PATH | AT_RECURSIVE | OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
    int result = copy < 0 ? -errno : copy;
    close(directory);
    struct mount_attr quiet = {.attr_set = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV, .propagation = MS_PRIVATE};
    if (copy < 0 || mount_setattr(copy, "", AT_EMPTY_PATH | AT_RECURSIVE, &quiet, sizeof quiet) == 0) return result;
    result = -errno;
    close(copy);
    return result;
}

// Opens what a name leads to in a directory of a volume.
static int open_beneath(int directory, const char *name, uint64_t flags) {
    struct open_how how = {.flags = flags | O_CLOEXEC,
                           .mode = flags & O_CREAT ? 0600 : 0,
                           .resolve = RESOLVE_NO_SYMLINKS | RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS};
    int file = (int)syscall(SYS_openat2, directory, name, &how, sizeof how);
    return file < 0 ? -errno : file;
}

// Makes a directory that is somebody's from its first moment. A task that can write to `parent` may put another one in its
// place at any time: to give that away afterwards would be to give away a stranger's.
static int make_owned_directory(int parent, const char *name, uid_t uid, gid_t gid) {
    // The thread keeps its capabilities while it acts in another's name.
    int before = prctl(PR_GET_SECUREBITS);
    if (before < 0 || prctl(PR_SET_SECUREBITS, before | SECBIT_NO_SETUID_FIXUP) < 0) return -errno;
    setfsgid(gid);
    setfsuid(uid);
    // What is no id changes nothing: so the calls say what was set.
    int error = (uid_t)setfsuid((uid_t)-1) != uid || (gid_t)setfsgid((gid_t)-1) != gid ? EPERM : 0;
    if (error == 0 && mkdirat(parent, name, 0755) < 0) error = errno;
    setfsuid(geteuid());
    setfsgid(getegid());
    prctl(PR_SET_SECUREBITS, before);
    return -error;
}

// The directory of a name in another, made if it is missing.
static int enter_directory(int parent, const char *name, uid_t uid, gid_t gid) {
    int made = make_owned_directory(parent, name, uid, gid);
    if (made < 0 && made != -EEXIST) return made;
    int directory = open_beneath(parent, name, O_RDONLY | O_DIRECTORY);
    if (directory < 0 || made < 0) return directory;
    // Another one may have been put there since, which nobody is to be let into.
    struct stat status;
    if (fstat(directory, &status) == 0 && (status.st_uid != uid || fchmod(directory, 0755) == 0)) return directory;
    int error = -errno;
    close(directory);
    return error;
}

static int append_to(int directory, const char *name, uid_t uid, gid_t gid) {
    int file = open_beneath(directory, name, O_WRONLY | O_APPEND | O_CREAT | O_EXCL);
    if (file >= 0) {
        if (fchown(file, uid, gid) == 0 && fchmod(file, 0644) == 0) return file;
    } else if (file == -EEXIST) {
        // Without waiting for the other end of what may be a pipe.
        file = open_beneath(directory, name, O_WRONLY | O_APPEND | O_NONBLOCK);
        if (file < 0) return file;
        struct stat status;
        if (fstat(file, &status) == 0) {
            if (S_ISREG(status.st_mode) && status.st_nlink == 1 && status.st_uid == uid) return file;
            errno = EPERM;
        }
    } else {
        return file;
    }
    int error = -errno;
    close(file);
    return error;
}

int sandbox_volume_file(int volume, const char *path, uid_t uid, gid_t gid) {
    char rest[4096];
    if (strlen(path) >= sizeof rest) return -ENAMETOOLONG;
    strcpy(rest, path);
    int directory = open_beneath(volume, ".", O_RDONLY | O_DIRECTORY);
    char *name = rest;
    for (char *slash; directory >= 0 && (slash = strchr(name, '/')); name = slash + 1) {
        *slash = 0;
        int next = enter_directory(directory, name, uid, gid);
        close(directory);
        directory = next;
    }
    if (directory < 0) return directory;
    int file = append_to(directory, name, uid, gid);
    close(directory);
    return file;
}

int sandbox_volume_protect(int volume) {
    struct mount_attr read_only = {.attr_set = MOUNT_ATTR_RDONLY};
    return mount_setattr(volume, "", AT_EMPTY_PATH | AT_RECURSIVE, &read_only, sizeof read_only) < 0 ? -errno : 0;
}
