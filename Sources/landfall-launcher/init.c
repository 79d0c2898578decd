// Process 1 of a sandbox: starts processes for the agent, reaps everything, and takes all down when it ends.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "launcher.h"
#include "tracking.h"

enum { CONTENT_MAX = 64 << 20 };

static int read_fully(int file, char *bytes, size_t length) {
    size_t done = 0;
    while (done < length) {
        ssize_t count = pread(file, bytes + done, length - done, (off_t)done);
        if (count == 0) errno = EIO;
        if (count <= 0) return attempt(-1, "read the order");
        done += (size_t)count;
    }
    return 0;
}

static int write_script(struct process_order *order, const struct sandbox *sandbox) {
    const char *text = order->content + order->run.environment_length;
    size_t length = (size_t)order->run.script_length;
    order->has_interpreter = length >= 2 && text[0] == '#' && text[1] == '!';
    snprintf(order->script, sizeof order->script, "/run/landfall/step-%u", order->run.run);
    return make_file(order->script, text, length, 0700, sandbox->order.uid, sandbox->order.gid);
}

static int own_output(int output, int errors, const struct sandbox *sandbox) {
    // So that the process may open its output again by name (/dev/stdout).
    if (attempt(fchown(output, sandbox->order.uid, sandbox->order.gid), "own the output") < 0) return -1;
    return attempt(fchown(errors, sandbox->order.uid, sandbox->order.gid), "own the output");
}

static int require_room(void) {
    errno = EAGAIN;
    return tracking_is_full() ? attempt(-1, "start one more process") : 0;
}

// The file's first bytes, and one more that is 0 for each part of it, so that a damaged order cannot make strings run on.
static int read_content(int file, size_t length, char **content) {
    *content = length < CONTENT_MAX ? calloc(1, length + 2) : NULL;
    errno = ENOMEM;
    if (attempt(*content ? 0 : -1, "allocate memory") < 0) return -1;
    return read_fully(file, *content, length);
}

static int start_process(struct process_order *order, int file, const struct sandbox *sandbox) {
    size_t length = (size_t)(order->run.environment_length + order->run.script_length);
    int result = require_room() < 0 ? -1 : read_content(file, length, &order->content);
    if (result == 0 && order->run.path[0] == 0) result = write_script(order, sandbox);
    if (result == 0) result = own_output(order->output, order->errors, sandbox);
    if (result == 0) {
        pid_t pid = fork();
        if (pid == 0) become_process(order, sandbox);
        result = attempt(pid, "start the process");
        if (result == 0) tracking_add(pid, order->run.run);
    }
    int error = errno;
    free(order->content);
    errno = error;
    return result;
}

// Starts the runtime, which has the other end of a socket for the container's first process, and a file for its errors.
static int start_runtime(struct container_order *order, const struct sandbox *sandbox) {
    int pair[2], one = 1;
    if (attempt(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), "make a socket") < 0) return -1;
    order->control = pair[1];
    order->log = memfd_create("log", MFD_CLOEXEC);
    int result = attempt(order->log, "make a file in memory");
    if (result == 0)
        result = attempt(setsockopt(pair[0], SOL_SOCKET, SO_PASSCRED, &one, sizeof one), "hear who speaks");
    pid_t pid = result == 0 ? fork() : -1;
    if (pid == 0) become_runtime(order, sandbox);
    if (result == 0) result = attempt(pid, "start the container runtime");
    int error = errno;
    close(pair[1]);
    if (result == 0) {
        tracking_add_container(pid, order->contain.run, pair[0], order->log, sandbox->runtime.patience);
    } else {
        close(pair[0]);
        if (order->log >= 0) close(order->log);
    }
    errno = error;
    return result;
}

static int start_container(const struct launcher_contain *contain, const int *descriptors, size_t count,
                           const struct sandbox *sandbox) {
    if (count != 3 + (size_t)(contain->has_network != 0) || sandbox->container_view < 0) {
        errno = EPROTO;
        return attempt(-1, "read the order");
    }
    struct container_order order = {.contain = *contain,
                                    .output = descriptors[0],
                                    .errors = descriptors[1],
                                    .network = contain->has_network ? descriptors[3] : -1};
    order.contain.hostname[LAUNCHER_NAME_SIZE - 1] = 0;
    size_t length = (size_t)(contain->configuration_length + contain->layers_length + contain->mounts_length);
    int result = require_room() < 0 ? -1 : read_content(descriptors[2], length, &order.content);
    if (result == 0) result = start_runtime(&order, sandbox);
    int error = errno;
    free(order.content);
    errno = error;
    return result;
}

static void handle_run(int events, const struct launcher_run *run, const int *descriptors, size_t count,
                       const struct sandbox *sandbox) {
    int result = -1;
    if (count == 3) {
        struct process_order order = {.run = *run, .output = descriptors[0], .errors = descriptors[1]};
        order.run.path[LAUNCHER_PATH_SIZE - 1] = 0;
        result = start_process(&order, descriptors[2], sandbox);
    } else {
        errno = EPROTO;
        attempt(-1, "read the order");
    }
    int error = result == 0 ? 0 : (errno != 0 ? errno : EIO);
    send_event(events, LAUNCHER_STARTED, sandbox->order.sandbox, run->run, error, 0);
}

static void handle_contain(int events, const struct launcher_contain *contain, const int *descriptors, size_t count,
                           const struct sandbox *sandbox) {
    // Whether it has started is said by the container itself.
    if (start_container(contain, descriptors, count, sandbox) == 0) return;
    send_event(events, LAUNCHER_STARTED, sandbox->order.sandbox, contain->run, errno != 0 ? errno : EIO, 0);
}

// Ends all other processes. As process 1 of their namespace this one is told of each.
static void end_all(int events, uint32_t sandbox) {
    kill(-1, SIGKILL);
    tracking_reap(events, sandbox, 0);
}

static void handle_clean(int events, const struct sandbox *sandbox) {
    end_all(events, sandbox->order.sandbox);
    // Of containers nothing is left in here, whoever they were. Scripts of a root can leave too much.
    bool is_clean = !sandbox->order.has_scripts || (!sandbox->order.is_root && renew() == 0);
    int error = is_clean ? 0 : ENOTEMPTY;
    send_event(events, LAUNCHER_CLEANED, sandbox->order.sandbox, 0, error, 0);
}

// Returns false when the agent has hung up, or the sandbox cannot serve any more.
static bool take_command(int events, int command, const struct sandbox *sandbox) {
    static union {
        uint32_t kind;
        struct launcher_run run;
        struct launcher_contain contain;
        struct launcher_signal signal;
        struct launcher_clean clean;
        struct launcher_rename rename;
    } message;
    int descriptors[LAUNCHER_DESCRIPTOR_LIMIT];
    size_t count = 0;
    ssize_t length = launcher_receive(command, &message, sizeof message, descriptors, &count);
    if (length == 0 || (length < 0 && errno != EMSGSIZE)) return false;
    bool serves = true;
    if (length == sizeof message.run && message.kind == LAUNCHER_RUN)
        handle_run(events, &message.run, descriptors, count, sandbox);
    else if (length == sizeof message.contain && message.kind == LAUNCHER_CONTAIN)
        handle_contain(events, &message.contain, descriptors, count, sandbox);
    else if (length == sizeof message.signal && message.kind == LAUNCHER_SIGNAL)
        tracking_signal(message.signal.run, message.signal.number);
    else if (length == sizeof message.clean && message.kind == LAUNCHER_CLEAN)
        handle_clean(events, sandbox);
    else if (length == sizeof message.rename && message.kind == LAUNCHER_RENAME)
        serves = memchr(message.rename.hostname, 0, LAUNCHER_NAME_SIZE) &&
                 (!sandbox->order.has_scripts || rename_host(message.rename.hostname) == 0);
    for (size_t i = 0; i < count; i++) close(descriptors[i]);
    return serves;
}

void serve_sandbox(int events, int command, const struct sandbox *sandbox) {
    sigset_t children;
    sigemptyset(&children);
    sigaddset(&children, SIGCHLD);
    int ended = signalfd(-1, &children, SFD_CLOEXEC | SFD_NONBLOCK);
    if (ended < 0) _exit(1);
    if (send_event(events, LAUNCHER_OPENED, sandbox->order.sandbox, 0, 0, 0) < 0) _exit(1);
    struct pollfd waiting[2 + PROCESSES_MAX] = {{.fd = command, .events = POLLIN}, {.fd = ended, .events = POLLIN}};
    for (;;) {
        size_t count = 2 + tracking_wait(waiting + 2);
        if (poll(waiting, count, tracking_patience()) < 0 && errno != EINTR) _exit(1);
        for (size_t i = 2; i < count; i++)
            if (waiting[i].revents != 0) tracking_hear(events, sandbox->order.sandbox, waiting[i].fd);
        if (waiting[1].revents != 0) {
            struct signalfd_siginfo information;
            while (read(ended, &information, sizeof information) > 0) continue;
            tracking_reap(events, sandbox->order.sandbox, WNOHANG);
        }
        // Only now: after a halt of the machine's it may have been heard that they run.
        tracking_give_up(events, sandbox->order.sandbox);
        if (waiting[0].revents != 0 && !take_command(events, command, sandbox)) _exit(0);
    }
}
