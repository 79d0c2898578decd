#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "CSandbox.h"

static pid_t namespace_child;

// A process in a user namespace that maps one unprivileged id; `reply` closes when it is there, or says an errno value.
static int hold_namespace(void) {
    int reply[2];
    if (pipe2(reply, O_CLOEXEC) < 0) return -errno;
    namespace_child = fork();
    if (namespace_child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        char error = unshare(CLONE_NEWUSER) == 0 ? 0 : (char)errno;
        if (write(reply[1], &error, 1) != 1) _exit(1);
        for (;;) pause();
    }
    close(reply[1]);
    char error = 0;
    int result = namespace_child < 0 ? -errno : 0;
    if (result == 0 && read(reply[0], &error, 1) != 1) error = EIO;
    close(reply[0]);
    return result == 0 ? -error : result;
}

static int write_map(const char *name) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", namespace_child, name);
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0) return -errno;
    int result = write(file, "0 1879048192 65536\n", 19) == 19 ? 0 : -errno;
    close(file);
    return result;
}

static int in_child(int (*body)(const char *), const char *argument) {
    pid_t pid = fork();
    if (pid < 0) return -errno;
    if (pid == 0) _exit(-body(argument) & 0xff);
    int status;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR) return -errno;
    return WIFEXITED(status) ? -WEXITSTATUS(status) : -EIO;
}

static int try_user_namespace(const char *unused) {
    (void)unused;
    int error = hold_namespace();
    if (error == 0) error = write_map("uid_map");
    if (namespace_child > 0) kill(namespace_child, SIGKILL);
    return error;
}

static int shift(const char *path) {
    char name[64];
    snprintf(name, sizeof name, "/proc/%d/ns/user", namespace_child);
    struct mount_attr attributes = {.attr_set = MOUNT_ATTR_IDMAP};
    int namespace = open(name, O_RDONLY | O_CLOEXEC);
    int copy = open_tree(AT_FDCWD, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
    if (namespace < 0 || copy < 0) return -errno;
    attributes.userns_fd = (uint64_t)namespace;
    if (mount_setattr(copy, "", AT_EMPTY_PATH, &attributes, sizeof attributes) < 0) return -errno;
    return move_mount(copy, "", AT_FDCWD, path, MOVE_MOUNT_F_EMPTY_PATH) < 0 ? -errno : 0;
}

// In a mount namespace of its own, with `probe` in the working directory.
static int try_overlay(const char *directory) {
    if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 || chdir(directory) < 0)
        return -errno;
    int error = hold_namespace();
    if (error == 0) error = write_map("uid_map");
    if (error == 0) error = write_map("gid_map");
    if (error == 0) error = shift("lower");
    const char data[] = "lowerdir=lower,upperdir=upper,workdir=work,index=off,metacopy=off,volatile";
    if (error == 0 && mount("overlay", "merged", "overlay", 0, data) < 0) error = -errno;
    struct stat status;
    if (error == 0 && stat("merged/sub", &status) < 0) error = -errno;
    if (error == 0 && status.st_uid != 1879048192) error = -EOPNOTSUPP;
    if (namespace_child > 0) kill(namespace_child, SIGKILL);
    return error;
}

static int try_seccomp(const char *unused) {
    (void)unused;
    // An absent program is EFAULT where filters are known, EINVAL where they are not.
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, NULL, 0, 0) < 0 && errno == EFAULT) return 0;
    return -ENOSYS;
}

int sandbox_probe_user_namespace(void) { return in_child(try_user_namespace, NULL); }

int sandbox_probe_seccomp(void) { return in_child(try_seccomp, NULL); }

int sandbox_probe_shifted_overlay(const char *directory) {
    static const char *const names[] = {"lower", "upper", "work", "merged", "lower/sub"};
    int parent = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (parent < 0) return -errno;
    int error = 0;
    for (size_t i = 0; error == 0 && i < sizeof names / sizeof *names; i++)
        if (mkdirat(parent, names[i], 0755) < 0) error = -errno;
    if (error == 0) error = in_child(try_overlay, directory);
    for (size_t i = 0; i < 4; i++) sandbox_remove_tree(parent, names[i]);
    close(parent);
    return error;
}
