#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <linux/securebits.h>
#include <sys/fsuid.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "launcher.h"

int make_directory(const char *path, mode_t mode, uid_t uid, gid_t gid) {
    // The mode comes last: the umask would cut it, and chown clears some bits.
    if (attempt(mkdir(path, 0700), path) < 0) return -1;
    if ((uid != 0 || gid != 0) && attempt(chown(path, uid, gid), path) < 0) return -1;
    return mode == 0700 ? 0 : attempt(chmod(path, mode), path);
}

int make_owned_directory(int parent, const char *name, uid_t uid, gid_t gid) {
    // The thread keeps its capabilities while it acts in another's name.
    int before = prctl(PR_GET_SECUREBITS);
    if (before < 0 || prctl(PR_SET_SECUREBITS, before | SECBIT_NO_SETUID_FIXUP) < 0) return -1;
    setfsgid(gid);
    setfsuid(uid);
    // What is no id changes nothing: so the calls say what was set.
    int error = (uid_t)setfsuid((uid_t)-1) != uid || (gid_t)setfsgid((gid_t)-1) != gid ? EPERM : 0;
    if (error == 0 && mkdirat(parent, name, 0755) < 0) error = errno;
    setfsuid(geteuid());
    setfsgid(getegid());
    prctl(PR_SET_SECUREBITS, before);
    errno = error;
    return error == 0 ? 0 : -1;
}

// No part of the path may be a link: a root task can put one into the way of its next script.
static int create(const char *path) {
    struct open_how how = {
        .flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, .mode = 0600, .resolve = RESOLVE_NO_SYMLINKS};
    return (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof how);
}

int make_file(const char *path, const char *text, size_t length, mode_t mode, uid_t uid, gid_t gid) {
    int file = create(path);
    if (attempt(file, path) < 0) return -1;
    int result = 0;
    while (result == 0 && length > 0) {
        ssize_t written = write(file, text, length);
        result = attempt(written, path);
        if (result == 0) {
            text += written;
            length -= (size_t)written;
        }
    }
    if (result == 0) result = attempt(fchown(file, uid, gid), path);
    if (result == 0) result = attempt(fchmod(file, mode), path);
    close(file);
    return result;
}

int copy_file(int from, const char *path, mode_t mode) {
    int file = create(path);
    if (attempt(file, path) < 0) return -1;
    ssize_t count;
    do count = sendfile(file, from, NULL, 1 << 20);
    while (count > 0);
    int result = attempt(count, path);
    if (result == 0) result = attempt(fchmod(file, mode), path);
    close(file);
    return result;
}

int bind_path(const char *from, const char *to) { return attempt(mount(from, to, NULL, MS_BIND, NULL), to); }
