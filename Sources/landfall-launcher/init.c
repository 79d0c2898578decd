// Process 1 of a sandbox: starts processes for the agent, reaps everything, and takes all down when it ends.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "launcher.h"

enum { PROCESSES_MAX = 256 };

static struct {
    pid_t pid;  // 0: a free place
    uint32_t run;
} processes[PROCESSES_MAX];

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

static int own_output(const struct process_order *order, const struct sandbox *sandbox) {
    // So that the process may open its output again by name (/dev/stdout).
    if (attempt(fchown(order->output, sandbox->order.uid, sandbox->order.gid), "own the output") < 0) return -1;
    return attempt(fchown(order->errors, sandbox->order.uid, sandbox->order.gid), "own the output");
}

static int start_process(struct process_order *order, int file, const struct sandbox *sandbox) {
    size_t place = 0;
    while (place < PROCESSES_MAX && processes[place].pid != 0) place++;
    if (place == PROCESSES_MAX) {
        errno = EAGAIN;
        return attempt(-1, "start one more process");
    }
    // One byte more each, so that a damaged order cannot make strings run on.
    order->content = calloc(1, (size_t)(order->run.environment_length + order->run.script_length) + 2);
    if (attempt(order->content ? 0 : -1, "allocate memory") < 0) return -1;
    size_t length = (size_t)(order->run.environment_length + order->run.script_length);
    int result = read_fully(file, order->content, length);
    if (result == 0 && order->run.path[0] == 0) result = write_script(order, sandbox);
    if (result == 0) result = own_output(order, sandbox);
    if (result == 0) {
        pid_t pid = fork();
        if (pid == 0) become_process(order, sandbox);
        result = attempt(pid, "start the process");
        if (result == 0) {
            processes[place].pid = pid;
            processes[place].run = order->run.run;
        }
    }
    int error = errno;
    free(order->content);
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

static void handle_signal(const struct launcher_signal *order) {
    for (size_t i = 0; i < PROCESSES_MAX; i++) {
        if (processes[i].pid == 0 || processes[i].run != order->run) continue;
        // The process leads a group of its own number; just after fork it may not have made it yet.
        if (kill(-processes[i].pid, order->number) < 0) kill(processes[i].pid, order->number);
    }
}

// Waits for processes: for all of them, or with WNOHANG for those that have ended.
static void reap(int events, uint32_t sandbox, int options) {
    int status;
    for (pid_t pid; (pid = waitpid(-1, &status, options)) > 0;) {
        for (size_t i = 0; i < PROCESSES_MAX; i++) {
            if (processes[i].pid != pid) continue;
            processes[i].pid = 0;
            send_event(events, LAUNCHER_ENDED, sandbox, processes[i].run, 0, status);
        }
    }
}

// Ends all other processes. As process 1 of their namespace this one is told of each.
static void end_all(int events, uint32_t sandbox) {
    kill(-1, SIGKILL);
    reap(events, sandbox, 0);
}

static void handle_clean(int events, const struct sandbox *sandbox) {
    end_all(events, sandbox->order.sandbox);
    errno = 0;
    int error = sandbox->order.is_root || renew() < 0 ? ENOTEMPTY : 0;
    send_event(events, LAUNCHER_CLEANED, sandbox->order.sandbox, 0, error, 0);
}

// Returns false when the agent has hung up, or the sandbox cannot serve any more.
static bool take_command(int events, int command, const struct sandbox *sandbox) {
    static union {
        uint32_t kind;
        struct launcher_run run;
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
    else if (length == sizeof message.signal && message.kind == LAUNCHER_SIGNAL)
        handle_signal(&message.signal);
    else if (length == sizeof message.clean && message.kind == LAUNCHER_CLEAN)
        handle_clean(events, sandbox);
    else if (length == sizeof message.rename && message.kind == LAUNCHER_RENAME)
        serves = memchr(message.rename.hostname, 0, LAUNCHER_NAME_SIZE) && rename_host(message.rename.hostname) == 0;
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
    struct pollfd waiting[] = {{.fd = command, .events = POLLIN}, {.fd = ended, .events = POLLIN}};
    for (;;) {
        if (poll(waiting, 2, -1) < 0 && errno != EINTR) _exit(1);
        if (waiting[1].revents != 0) {
            struct signalfd_siginfo information;
            while (read(ended, &information, sizeof information) > 0) continue;
            reap(events, sandbox->order.sandbox, WNOHANG);
        }
        if (waiting[0].revents != 0 && !take_command(events, command, sandbox)) _exit(0);
    }
}
