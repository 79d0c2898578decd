// landfall-launcher: starts sandboxes for Landfall's agent.
//
// It is small and has one thread, so that forking it is cheap and safe, and it lives as long as the agent does: when
// the agent's end of the socket closes it ends, and with it by PR_SET_PDEATHSIG every sandbox's first process.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "launcher.h"
#include "table.h"

static int add_path(struct options *options, const char *path, bool layered, bool root_only) {
    if (options->path_count == PATHS_MAX || path[0] != '/') return -1;
    options->paths[options->path_count++] =
        (struct shown_path){.path = path, .layered = layered, .root_only = root_only};
    return 0;
}

static int read_options(int count, char **arguments, struct options *options) {
    static const struct option known[] = {{"directory", required_argument, NULL, 'd'},
                                          {"images", required_argument, NULL, 'm'},
                                          {"crun", required_argument, NULL, 'c'},
                                          {"runc", required_argument, NULL, 'g'},
                                          {"patience", required_argument, NULL, 'p'},
                                          {"first-id", required_argument, NULL, 'i'},
                                          {"show", required_argument, NULL, 's'},
                                          {"layer", required_argument, NULL, 'l'},
                                          {"root-layer", required_argument, NULL, 'r'},
                                          {NULL, 0, NULL, 0}};
    int wrong = 0;
    for (int option; (option = getopt_long(count, arguments, "", known, NULL)) != -1;) {
        switch (option) {
        case 'd': options->directory = optarg; break;
        case 'm': options->images = optarg; break;
        case 'c': options->runtime.path = optarg; break;
        case 'g': options->runtime.path = optarg, options->runtime.is_runc = true; break;
        case 'p': options->runtime.patience = (unsigned)strtoul(optarg, NULL, 10); break;
        case 'i': options->first_id = (uint32_t)strtoul(optarg, NULL, 10); break;
        case 's': wrong |= add_path(options, optarg, false, false); break;
        case 'l': wrong |= add_path(options, optarg, true, false); break;
        case 'r': wrong |= add_path(options, optarg, true, true); break;
        default: wrong = -1;
        }
    }
    return wrong != 0 || !options->directory || options->first_id == 0 || optind != count ? -1 : 0;
}

static void report_launch_failure(const struct launcher_open *order) {
    send_event(EVENTS, LAUNCHER_OPENED, order->sandbox, 0, errno != 0 ? errno : EIO, 0);
    send_event(EVENTS, LAUNCHER_CLOSED, order->sandbox, 0, 0, 0);
}

static void open_sandbox(const struct options *options, struct sandbox *sandbox) {
    bool has_range = sandbox->order.is_root || sandbox->order.has_containers;
    bool ready = !has_range || range_prepare(options, &sandbox->order, &sandbox->range) == 0;
    if (ready && table_is_full()) {
        errno = EAGAIN;
        ready = attempt(-1, "open one more sandbox") == 0;
    }
    pid_t pid = ready ? launch(options, sandbox) : -1;
    if (pid < 0) {
        report_launch_failure(&sandbox->order);
    } else {
        table_add(pid, sandbox->order.sandbox);
    }
    // A range's own is kept; one with an account in it was made for this sandbox.
    if (!sandbox->order.is_root && sandbox->range.user_namespace >= 0) close(sandbox->range.user_namespace);
}

static size_t count_texts(const char *texts, size_t length) {
    size_t count = 0;
    for (size_t i = 0; i < length; i++) count += texts[i] == 0;
    return count;
}

// Checks that the message is whole and its texts end.
static bool is_whole(const struct launcher_open *order, size_t length, size_t descriptors) {
    const char *texts = (const char *)(order + 1);
    return length >= sizeof *order && order->kind == LAUNCHER_OPEN &&
           (size_t)order->passwd_length + order->group_length + order->places_length == length - sizeof *order &&
           descriptors == 3 + (size_t)order->cgroup_count + order->volume_count &&
           count_texts(texts + order->passwd_length + order->group_length, order->places_length) ==
               order->volume_count &&
           memchr(order->id, 0, sizeof order->id) &&
           memchr(order->hostname, 0, sizeof order->hostname) && memchr(order->name, 0, sizeof order->name);
}

// Returns false when the agent has hung up.
static bool take_order(const struct options *options) {
    static _Alignas(struct launcher_open) char message[LAUNCHER_MESSAGE_LIMIT];
    int descriptors[LAUNCHER_DESCRIPTOR_LIMIT];
    size_t count = 0;
    ssize_t length = launcher_receive(EVENTS, message, sizeof message, descriptors, &count);
    if (length == 0 || (length < 0 && errno != EMSGSIZE)) return false;
    const struct launcher_open *order = (const void *)message;
    if (length > 0 && is_whole(order, (size_t)length, count)) {
        struct sandbox sandbox = {
            .order = *order,
            .passwd = message + sizeof *order,
            .group = message + sizeof *order + order->passwd_length,
            .places = message + sizeof *order + order->passwd_length + order->group_length,
            .command = descriptors[0],
            .cgroup = descriptors[1],
            .network = descriptors[2],
            .cgroup_procs = descriptors + 3,
            .volumes = descriptors + 3 + order->cgroup_count,
            .runtime = options->runtime,
            .hierarchies = &options->hierarchies,
            .range = {.user_namespace = -1, .mount_namespace = -1},
            .container_view = -1,
        };
        open_sandbox(options, &sandbox);
    }
    for (size_t i = 0; i < count; i++) close(descriptors[i]);
    return true;
}

static void reap(void) {
    for (pid_t pid; (pid = waitpid(-1, NULL, WNOHANG)) > 0;) {
        uint32_t sandbox;
        if (table_remove(pid, &sandbox)) send_event(EVENTS, LAUNCHER_CLOSED, sandbox, 0, 0, 0);
    }
}

static int serve(const struct options *options, int ended) {
    struct pollfd waiting[] = {{.fd = EVENTS, .events = POLLIN}, {.fd = ended, .events = POLLIN}};
    for (;;) {
        if (poll(waiting, 2, -1) < 0 && errno != EINTR) return 1;
        if (waiting[1].revents != 0) {
            struct signalfd_siginfo information;
            while (read(ended, &information, sizeof information) > 0) continue;
            reap();
        }
        if (waiting[0].revents != 0 && !take_order(options)) return 0;
    }
}

int main(int count, char **arguments) {
    if (count > 1 && strcmp(arguments[1], "container") == 0) return container_main(count, arguments);
    struct options options = {.socket = EVENTS};
    if (read_options(count, arguments, &options) < 0) {
        fputs("landfall-launcher is started by Landfall's agent, not by hand.\n", stderr);
        return 2;
    }
    // A session of its own: a terminal's interrupt is the agent's to handle.
    setsid();
    umask(022);
    prctl(PR_SET_DUMPABLE, 0);
    // Tasks inherit what is ignored, such as the agent's SIGPIPE.
    for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
    sigset_t children;
    sigemptyset(&children);
    sigaddset(&children, SIGCHLD);
    sigprocmask(SIG_SETMASK, &children, NULL);
    int ended = signalfd(-1, &children, SFD_CLOEXEC | SFD_NONBLOCK);
    int result = attempt(ended, "wait for children");
    if (result == 0) result = find_hierarchies(&options.hierarchies);
    if (result == 0) result = enter_launcher_root(&options);
    send_event(EVENTS, LAUNCHER_READY, 0, 0, result == 0 ? 0 : (errno != 0 ? errno : EIO), 0);
    return result < 0 ? 1 : serve(&options, ended);
}
