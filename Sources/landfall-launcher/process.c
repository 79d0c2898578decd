// From fork to exec: the process of a task gives up everything that a task must not have.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "launcher.h"

enum { NOT_FOUND = 127, NOT_RUNNABLE = 126, OPEN_FILES_SOFT = 1024, OPEN_FILES_HARD = 524288 };

static _Noreturn void refuse(const char *what, int error) {
    dprintf(STDERR_FILENO, "landfall: cannot run %s: %s\n", what, strerror(error));
    _exit(error == ENOENT || error == ENOTDIR ? NOT_FOUND : NOT_RUNNABLE);
}

int connect_streams(int output, int errors) {
    // The three are closed or /dev/null so far, so that the pipes have higher numbers.
    if (attempt(dup2(output, STDOUT_FILENO), "connect the output") < 0 ||
        attempt(dup2(errors, STDERR_FILENO), "connect the output") < 0)
        return -1;
    return 0;
}

int limit_resources(unsigned open_files) {
    // No core file is so small, and at this very limit Linux does not start the host's crash handler either.
    struct rlimit core = {1, 1}, files;
    if (attempt(setrlimit(RLIMIT_CORE, &core), "limit core files") < 0) return -1;
    if (attempt(getrlimit(RLIMIT_NOFILE, &files), "read the limit of open files") < 0) return -1;
    if (files.rlim_max > OPEN_FILES_HARD) files.rlim_max = OPEN_FILES_HARD;
    files.rlim_cur = files.rlim_max < open_files ? files.rlim_max : open_files;
    return attempt(setrlimit(RLIMIT_NOFILE, &files), "limit open files");
}

// A root task's ids are those of its user namespace, in which it becomes root.
static int become_user(const struct sandbox *sandbox) {
    const struct launcher_open *order = &sandbox->order;
    uid_t uid = order->is_root ? 0 : order->uid;
    gid_t gid = order->is_root ? 0 : order->gid;
    if (order->is_root &&
        attempt(setns(sandbox->range.user_namespace, CLONE_NEWUSER), "enter the user namespace") < 0)
        return -1;
    if (limit_bounding_set(order->is_root) < 0) return -1;
    if (attempt(setgroups(0, NULL), "drop the groups") < 0 ||
        attempt(setresgid(gid, gid, gid), "set the group") < 0 || attempt(setresuid(uid, uid, uid), "set the user") < 0)
        return -1;
    if (limit_capabilities(order->is_root) < 0) return -1;
    return attempt(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "refuse new privileges");
}

int restore_signals(void) {
    sigset_t none;
    sigemptyset(&none);
    return attempt(sigprocmask(SIG_SETMASK, &none, NULL), "unblock the signals");
}

// The strings of the environment, as execve wants them. Their number is bounded by the order's length.
static char **environment_of(const struct process_order *order) {
    size_t count = 0, length = (size_t)order->run.environment_length;
    for (size_t i = 0; i < length; i++) count += order->content[i] == 0;
    char **strings = calloc(count + 1, sizeof *strings);
    if (!strings) return NULL;
    char *next = order->content;
    for (size_t i = 0; i < count; i++) {
        strings[i] = next;
        next += strlen(next) + 1;
    }
    return strings;
}

static void enter_home(const struct sandbox *sandbox) {
    char home[LAUNCHER_NAME_SIZE + 8];
    snprintf(home, sizeof home, "/home/%s", sandbox->order.name);
    if (chdir(sandbox->order.is_root ? "/root" : home) < 0 && chdir("/") < 0) refuse("/", errno);
}

static _Noreturn void execute(const struct process_order *order, char **environment) {
    char shell[] = "/bin/sh";
    char *path = order->script[0] ? (char *)(uintptr_t)order->script : (char *)(uintptr_t)order->run.path;
    if (!order->script[0] || order->has_interpreter) {
        char *arguments[] = {path, NULL};
        execve(path, arguments, environment);
        int error = errno;
        if (error == EACCES) error = interpret(path, environment);
        // A file without `#!` is the shell's, as execvp has it.
        if (error != ENOEXEC) refuse(path, error);
    }
    char *arguments[] = {shell, path, NULL};
    execve(shell, arguments, environment);
    refuse(shell, errno);
}

void become_process(const struct process_order *order, const struct sandbox *sandbox) {
    char **environment = environment_of(order);
    if (!environment || setsid() < 0 || connect_streams(order->output, order->errors) < 0) _exit(NOT_RUNNABLE);
    umask(022);
    if (limit_resources(OPEN_FILES_SOFT) < 0 || become_user(sandbox) < 0 || restore_signals() < 0) refuse(failed_step(), errno);
    enter_home(sandbox);
    if (close_range(STDERR_FILENO + 1, ~0U, 0) < 0) refuse("the process", errno);
    if (install_seccomp_filter() < 0) refuse(failed_step(), errno);
    execute(order, environment);
}
