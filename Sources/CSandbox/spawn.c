#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "CSandbox.h"

extern char **environ;

static int set_default_signals(posix_spawnattr_t *attributes) {
    sigset_t all, none;
    sigfillset(&all);
    sigemptyset(&none);
    int error = posix_spawnattr_setsigdefault(attributes, &all);
    if (error == 0) error = posix_spawnattr_setsigmask(attributes, &none);
    if (error == 0) error = posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    return error;
}

static int spawn_with(posix_spawn_file_actions_t *actions, const char *path, char *const *arguments, pid_t *pid) {
    posix_spawnattr_t attributes;
    int error = posix_spawnattr_init(&attributes);
    if (error != 0) return error;
    error = set_default_signals(&attributes);
    if (error == 0) error = posix_spawn(pid, path, actions, &attributes, arguments, environ);
    posix_spawnattr_destroy(&attributes);
    return error;
}

int sandbox_spawn(const char *path, char *const *arguments, int socket, pid_t *pid) {
    // A number out of the way of the fixed ones.
    int away = fcntl(socket, F_DUPFD_CLOEXEC, 10);
    if (away < 0) return -errno;
    posix_spawn_file_actions_t actions;
    int error = posix_spawn_file_actions_init(&actions);
    if (error == 0) {
        error = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        if (error == 0) error = posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
        if (error == 0) error = posix_spawn_file_actions_adddup2(&actions, away, 3);
        if (error == 0) error = posix_spawn_file_actions_addclosefrom_np(&actions, 4);
        if (error == 0) error = spawn_with(&actions, path, arguments, pid);
        posix_spawn_file_actions_destroy(&actions);
    }
    close(away);
    return -error;
}

static int wait_status(pid_t pid, int *status) {
    while (waitpid(pid, status, 0) < 0)
        if (errno != EINTR) return -errno;
    return 0;
}

int sandbox_wait(pid_t pid) {
    int status;
    return wait_status(pid, &status);
}

void sandbox_await_end(pid_t pid) {
    siginfo_t information;
    while (waitid(P_PID, (id_t)pid, &information, WEXITED | WNOWAIT) < 0 && errno == EINTR) continue;
}

int sandbox_pipe(int *pair) {
    if (pipe2(pair, O_CLOEXEC) < 0) return -errno;
    if (fcntl(pair[0], F_SETFL, O_NONBLOCK) == 0) return 0;
    int error = errno;
    close(pair[0]);
    close(pair[1]);
    return -error;
}

int sandbox_memory_file(const void *bytes, size_t length) {
    int file = memfd_create("landfall", MFD_CLOEXEC);
    if (file < 0) return -errno;
    for (size_t done = 0; done < length;) {
        ssize_t written = pwrite(file, (const char *)bytes + done, length - done, (off_t)done);
        if (written < 0) {
            int error = errno;
            close(file);
            return -error;
        }
        done += (size_t)written;
    }
    return file;
}

// Input and messages go through files, so that neither side can wait for the other.
static int run_with_files(const char *path, char *const *arguments, int input, int messages) {
    posix_spawn_file_actions_t actions;
    int error = posix_spawn_file_actions_init(&actions);
    if (error != 0) return -error;
    pid_t pid = -1;
    error = posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    if (error == 0) error = posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    if (error == 0) error = posix_spawn_file_actions_adddup2(&actions, messages, STDERR_FILENO);
    if (error == 0) error = posix_spawn_file_actions_addclosefrom_np(&actions, 3);
    if (error == 0) error = spawn_with(&actions, path, arguments, &pid);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) return -error;
    int status;
    error = wait_status(pid, &status);
    if (error != 0) return error;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int sandbox_run(const char *path, char *const *arguments, const char *input, char *message, size_t capacity) {
    message[0] = 0;
    int text = sandbox_memory_file(input, strlen(input));
    if (text < 0) return text;
    int messages = sandbox_memory_file("", 0);
    int result = messages < 0 ? messages : run_with_files(path, arguments, text, messages);
    if (messages >= 0) {
        ssize_t length = pread(messages, message, capacity - 1, 0);
        message[length > 0 ? length : 0] = 0;
        close(messages);
    }
    close(text);
    return result;
}

int sandbox_wait_unpopulated(int directory, int milliseconds) {
    int events = openat(directory, "cgroup.events", O_RDONLY | O_CLOEXEC);
    if (events < 0) return -errno;
    int result = -ETIMEDOUT;
    for (;;) {
        char text[128];
        ssize_t length = pread(events, text, sizeof text - 1, 0);
        text[length > 0 ? length : 0] = 0;
        if (strstr(text, "populated 0")) {
            result = 0;
            break;
        }
        // The kernel says POLLPRI when the file has changed since it was read.
        struct pollfd waiting = {.fd = events, .events = POLLPRI};
        int count = poll(&waiting, 1, milliseconds);
        if (count == 0) break;
        if (count < 0 && errno != EINTR) {
            result = -errno;
            break;
        }
    }
    close(events);
    return result;
}
