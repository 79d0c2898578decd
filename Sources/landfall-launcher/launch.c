#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "launcher.h"

// Where the first process keeps its two sockets; everything above is closed.
enum { EVENTS = 3, COMMAND = 4, USER_NAMESPACE = 5 };

// Before anything else, so that all that the sandbox does is counted as its own.
static int join_cgroups(const struct sandbox *sandbox) {
    for (uint32_t i = 0; i < sandbox->order.cgroup_count; i++)
        if (attempt(write(sandbox->cgroup_procs[i], "0", 1), "join a cgroup") < 0) return -1;
    return attempt(unshare(CLONE_NEWCGROUP), "make a cgroup namespace");
}

static int join_namespaces(const struct sandbox *sandbox) {
    if (attempt(setns(sandbox->network, CLONE_NEWNET), "enter the network namespace") < 0) return -1;
    if (!sandbox->order.is_root) return 0;
    if (attempt(setns(sandbox->range.mount_namespace, CLONE_NEWNS), "enter the range's mount namespace") < 0) return -1;
    return attempt(unshare(CLONE_NEWNS), "make a mount namespace");
}

// The event socket has number 3 already in the launcher; the others may be anywhere.
static int keep_sockets(struct sandbox *sandbox) {
    int command = fcntl(sandbox->command, F_DUPFD_CLOEXEC, USER_NAMESPACE + 1);
    int user = sandbox->order.is_root ? fcntl(sandbox->range.user_namespace, F_DUPFD_CLOEXEC, USER_NAMESPACE + 1) : -1;
    if (attempt(command, "keep a socket") < 0) return -1;
    if (attempt(dup3(command, COMMAND, O_CLOEXEC), "keep a socket") < 0) return -1;
    unsigned first = COMMAND + 1;
    if (sandbox->order.is_root) {
        if (attempt(user, "keep a namespace") < 0) return -1;
        if (attempt(dup3(user, USER_NAMESPACE, O_CLOEXEC), "keep a namespace") < 0) return -1;
        sandbox->range.user_namespace = USER_NAMESPACE;
        first = USER_NAMESPACE + 1;
    }
    return attempt(close_range(first, ~0U, 0), "close descriptors");
}

static _Noreturn void become_init(const struct options *options, struct sandbox sandbox) {
    // Without dumpable no process of the task may look into this one, whatever it is root of.
    bool ready = attempt(prctl(PR_SET_PDEATHSIG, SIGKILL), "tie to the launcher") == 0 &&
                 attempt(prctl(PR_SET_DUMPABLE, 0), "protect the memory") == 0 && join_cgroups(&sandbox) == 0 &&
                 join_namespaces(&sandbox) == 0 &&
                 attempt(sethostname(sandbox.order.hostname, strlen(sandbox.order.hostname)), "set the host name") == 0 &&
                 enter_sandbox_view(options, &sandbox) == 0 &&
                 (sandbox.order.is_root || note_places(&sandbox) == 0) && keep_sockets(&sandbox) == 0;
    if (!ready) {
        send_event(EVENTS, LAUNCHER_OPENED, sandbox.order.sandbox, 0, errno != 0 ? errno : EIO, 0);
        _exit(1);
    }
    serve_sandbox(EVENTS, COMMAND, &sandbox);
}

pid_t launch(const struct options *options, const struct sandbox *sandbox) {
    struct clone_args arguments = {
        .flags = CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_INTO_CGROUP,
        .exit_signal = SIGCHLD,
        .cgroup = (uint64_t)sandbox->cgroup,
    };
    // A root sandbox starts from the mount namespace of its range instead.
    if (!sandbox->order.is_root) arguments.flags |= CLONE_NEWNS;
    long pid = syscall(SYS_clone3, &arguments, sizeof arguments);
    if (pid == 0) become_init(options, *sandbox);
    attempt(pid, "start the sandbox's first process");
    return (pid_t)pid;
}
