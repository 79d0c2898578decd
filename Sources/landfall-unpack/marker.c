#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "unpack.h"

// The end of the process that unpacks, of a socket pair: the number of an open directory goes there, and an errno value
// or 0 comes back.
static int marker = -1;

void mark_opaque(int directory, const char *name) {
    int opened = openat(directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (opened < 0) stop_at("open a directory to hide lower ones");
    int error;
    if (write(marker, &opened, sizeof opened) != sizeof opened || read(marker, &error, sizeof error) != sizeof error)
        error = EPIPE;
    close(opened);
    errno = error;
    if (error != 0) fail("mark a directory as hiding lower ones");
}

// The other process's descriptor is taken and not sent: how many are on their way is limited for all of root together.
static int mark(int process, int number) {
    int directory = (int)syscall(SYS_pidfd_getfd, process, number, 0);
    if (directory < 0) return errno;
    int error = fsetxattr(directory, "trusted.overlay.opaque", "y", 1, 0) < 0 ? errno : 0;
    close(directory);
    return error;
}

static void serve(int process, int socket) {
    for (int number; read(socket, &number, sizeof number) == sizeof number;) {
        int error = mark(process, number);
        if (write(socket, &error, sizeof error) != sizeof error) break;
    }
}

static _Noreturn void attend(pid_t unpacking, int socket) {
    int process = (int)syscall(SYS_pidfd_open, unpacking, 0);
    if (process < 0) fail("watch the process that unpacks");
    serve(process, socket);
    int status;
    while (waitpid(unpacking, &status, 0) < 0)
        if (errno != EINTR) fail("wait for the process that unpacks");
    if (WIFEXITED(status)) _exit(WEXITSTATUS(status));
    char text[64];
    snprintf(text, sizeof text, "unpack: signal %d", WTERMSIG(status));
    errno = EINTR;
    fail(text);
}

void fork_marker(void) {
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0) fail("make a socket");
    pid_t pid = fork();
    if (pid < 0) fail("fork");
    if (pid > 0) {
        close(pair[0]);
        // The layer's end must be heard by the process that unpacks alone, and its writer must hear of that one's.
        close(STDIN_FILENO);
        attend(pid, pair[1]);
    }
    close(pair[1]);
    marker = pair[0];
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0) fail("be bound to the process that marks directories");
}
