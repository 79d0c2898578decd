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

// Where the first process keeps its sockets and namespaces; everything above is closed.
enum { COMMAND = EVENTS + 1, KEPT = 3 };

// Before anything else, so that all that the sandbox does is counted as its own.
static int join_cgroups(const struct sandbox *sandbox) {
    for (uint32_t i = 0; i < sandbox->order.cgroup_count; i++)
        if (attempt(write(sandbox->cgroup_procs[i], "0", 1), "join a cgroup") < 0) return -1;
    return attempt(unshare(CLONE_NEWCGROUP), "make a cgroup namespace");
}

// The event socket has number 3 already in the launcher; the others may be anywhere, and some sandboxes lack some.
static int keep_descriptors(struct sandbox *sandbox) {
    int *const kept[KEPT] = {&sandbox->command, &sandbox->range.user_namespace, &sandbox->container_view};
    int away[KEPT];
    for (int i = 0; i < KEPT; i++) {
        away[i] = *kept[i] < 0 ? -1 : fcntl(*kept[i], F_DUPFD_CLOEXEC, COMMAND + KEPT);
        if (*kept[i] >= 0 && attempt(away[i], "keep a descriptor") < 0) return -1;
    }
    if (attempt(close_range(COMMAND, COMMAND + KEPT - 1, 0), "close descriptors") < 0) return -1;
    for (int i = 0; i < KEPT; i++) {
        if (away[i] < 0) continue;
        *kept[i] = COMMAND + i;
        if (attempt(dup3(away[i], *kept[i], O_CLOEXEC), "keep a descriptor") < 0) return -1;
    }
    return attempt(close_range(COMMAND + KEPT, ~0U, 0), "close descriptors");
}

static _Noreturn void become_init(const struct options *options, struct sandbox sandbox) {
    // Without dumpable no process of the task may look into this one, whatever it is root of.
    bool ready = attempt(prctl(PR_SET_PDEATHSIG, SIGKILL), "tie to the launcher") == 0 &&
                 attempt(prctl(PR_SET_DUMPABLE, 0), "protect the memory") == 0 && join_cgroups(&sandbox) == 0 &&
                 attempt(setns(sandbox.network, CLONE_NEWNET), "enter the network namespace") == 0 &&
                 attempt(sethostname(sandbox.order.hostname, strlen(sandbox.order.hostname)), "set the host name") == 0 &&
                 enter_views(options, &sandbox) == 0 &&
                 (sandbox.order.is_root || !sandbox.order.has_scripts || note_places(&sandbox) == 0) &&
                 keep_descriptors(&sandbox) == 0;
    if (!ready) {
        send_event(EVENTS, LAUNCHER_OPENED, sandbox.order.sandbox, 0, errno != 0 ? errno : EIO, 0);
        _exit(1);
    }
    serve_sandbox(EVENTS, COMMAND, &sandbox);
}

pid_t launch(const struct options *options, const struct sandbox *sandbox) {
    struct clone_args arguments = {
        .flags = CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_INTO_CGROUP,
        .exit_signal = SIGCHLD,
        .cgroup = (uint64_t)sandbox->cgroup,
    };
    const struct launcher_open *order = &sandbox->order;
    // A root sandbox starts from the mount namespace of its range instead.
    if (order->is_root && !order->has_containers && order->volume_count == 0) arguments.flags &= ~(uint64_t)CLONE_NEWNS;
    long pid = syscall(SYS_clone3, &arguments, sizeof arguments);
    if (pid == 0) become_init(options, *sandbox);
    attempt(pid, "start the sandbox's first process");
    return (pid_t)pid;
}
