// The processes that the first process of a sandbox has started for the agent.
#define _GNU_SOURCE
#include "tracking.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static struct process {
    pid_t pid;      // 0: a free place
    uint32_t run;
    int control;    // of a container whose start is not known yet, else -1
    int log;        // why that container does not start
    unsigned patience;
    int64_t deadline;   // by when it has to run, in milliseconds of the monotonic clock
    pid_t first;    // a container's first process, which signals go to
} processes[PROCESSES_MAX];

bool tracking_is_full(void) {
    for (size_t i = 0; i < PROCESSES_MAX; i++)
        if (processes[i].pid == 0) return false;
    return true;
}

static void add(struct process process) {
    size_t place = 0;
    while (processes[place].pid != 0) place++;
    processes[place] = process;
}

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

void tracking_add(pid_t pid, uint32_t run) { add((struct process){.pid = pid, .run = run, .control = -1}); }

void tracking_add_container(pid_t pid, uint32_t run, int control, int log, unsigned patience) {
    add((struct process){.pid = pid,
                         .run = run,
                         .control = control,
                         .log = log,
                         .patience = patience,
                         .deadline = now() + (int64_t)patience * 1000});
}

void tracking_signal(uint32_t run, int number) {
    for (size_t i = 0; i < PROCESSES_MAX; i++) {
        const struct process *process = &processes[i];
        if (process->pid == 0 || process->run != run) continue;
        if (process->first > 0) {
            kill(process->first, number);
        } else if (kill(-process->pid, number) < 0) {
            // The process leads a group of its own number; just after fork it may not have made it yet.
            kill(process->pid, number);
        }
    }
}

static bool is_starting(const struct process *process) { return process->pid != 0 && process->control >= 0; }

size_t tracking_wait(struct pollfd *waiting) {
    size_t count = 0;
    for (size_t i = 0; i < PROCESSES_MAX; i++)
        if (is_starting(&processes[i]))
            waiting[count++] = (struct pollfd){.fd = processes[i].control, .events = POLLIN};
    return count;
}

int tracking_patience(void) {
    int64_t first = INT64_MAX;
    for (size_t i = 0; i < PROCESSES_MAX; i++)
        if (is_starting(&processes[i]) && processes[i].deadline < first) first = processes[i].deadline;
    if (first == INT64_MAX) return -1;
    int64_t rest = first - now();
    return rest > INT32_MAX ? INT32_MAX : rest > 0 ? (int)rest : 0;
}

static void forget_control(struct process *process) {
    close(process->control);
    close(process->log);
    process->control = -1;
}

// Takes a container's word that it runs, with its first process's number by the kernel. Returns false when none came.
static bool hear(struct process *process) {
    char word;
    union {
        char bytes[CMSG_SPACE(sizeof(struct ucred))];
        struct cmsghdr alignment;
    } control;
    struct iovec part = {.iov_base = &word, .iov_len = 1};
    struct msghdr header = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
    if (recvmsg(process->control, &header, MSG_DONTWAIT) <= 0) return false;
    const struct cmsghdr *credentials = CMSG_FIRSTHDR(&header);
    if (!credentials || credentials->cmsg_type != SCM_CREDENTIALS) return false;
    struct ucred sender;
    memcpy(&sender, CMSG_DATA(credentials), sizeof sender);
    process->first = sender.pid;
    forget_control(process);
    return true;
}

void tracking_hear(int events, uint32_t sandbox, int control) {
    for (size_t i = 0; i < PROCESSES_MAX; i++) {
        struct process *process = &processes[i];
        if (!is_starting(process) || process->control != control) continue;
        if (hear(process)) send_event(events, LAUNCHER_STARTED, sandbox, process->run, 0, 0);
        return;
    }
}

static void refuse(int events, uint32_t sandbox, struct process *process, const char *why) {
    attempt(-1, why);
    send_event(events, LAUNCHER_STARTED, sandbox, process->run, LAUNCHER_REFUSED, 0);
    forget_control(process);
}

void tracking_give_up(int events, uint32_t sandbox) {
    int64_t time = now();
    for (size_t i = 0; i < PROCESSES_MAX; i++) {
        struct process *process = &processes[i];
        if (!is_starting(process) || process->deadline > time) continue;
        char text[LAUNCHER_STEP_SIZE];
        snprintf(text, sizeof text, "the container runtime has not started it within %u s", process->patience);
        // A container that is made all the same ends when it finds nobody to tell that it runs.
        if (kill(-process->pid, SIGKILL) < 0) kill(process->pid, SIGKILL);
        refuse(events, sandbox, process, text);
    }
}

// The last line that the runtime wrote of its failure.
static void report_failure(int events, uint32_t sandbox, struct process *process) {
    char text[1024];
    ssize_t length = pread(process->log, text, sizeof text - 1, 0);
    text[length > 0 ? length : 0] = 0;
    text[strcspn(text, "\n")] = 0;
    refuse(events, sandbox, process, *text ? text : "the container runtime was killed");
}

static void report_end(int events, uint32_t sandbox, struct process *process, int status) {
    // The word may have come together with the end.
    bool is_new = process->control >= 0 && hear(process);
    if (is_new) send_event(events, LAUNCHER_STARTED, sandbox, process->run, 0, 0);
    if (process->control >= 0) {
        report_failure(events, sandbox, process);
    } else {
        send_event(events, LAUNCHER_ENDED, sandbox, process->run, 0, status);
    }
    process->pid = 0;
}

void tracking_reap(int events, uint32_t sandbox, int options) {
    int status;
    for (pid_t pid; (pid = waitpid(-1, &status, options)) > 0;)
        for (size_t i = 0; i < PROCESSES_MAX; i++)
            if (processes[i].pid == pid) report_end(events, sandbox, &processes[i], status);
}
