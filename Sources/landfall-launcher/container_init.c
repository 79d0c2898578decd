// Process 1 of a container. The kernel keeps signals without a handler from such a process: so the container's program
// is its child, to which it passes signals on; it reaps what is orphaned, and ends as its child does.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "launcher.h"

enum {
    CONTROL = 3,
    NOT_FOUND = 127,
    NOT_RUNNABLE = 126,
    // As Cloud Run has it, where the machine allows so many.
    OPEN_FILES = 25000,
    FIRST_ARGUMENT = 4,
};

static _Noreturn void refuse(const char *what, int error) {
    dprintf(STDERR_FILENO, "landfall: cannot run %s: %s\n", what, strerror(error));
    _exit(error == ENOENT || error == ENOTDIR ? NOT_FOUND : NOT_RUNNABLE);
}

// The directory is made if the image has none, as Docker does, and belongs to root then.
static void enter_directory(const char *path) {
    char part[LAUNCHER_PATH_SIZE];
    for (const char *end = path; *end; ) {
        end += strspn(end, "/");
        end += strcspn(end, "/");
        snprintf(part, sizeof part, "%.*s", (int)(end - path), path);
        if (mkdir(part, 0755) < 0 && errno != EEXIST && errno != EROFS) break;
    }
    if (chdir(path) < 0) refuse(path, errno);
}

static void become(const struct identity *identity) {
    // So that the program may open its output again by name (/dev/stdout).
    for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; stream++)
        if (fchown(stream, identity->uid, identity->gid) < 0) refuse("the program", errno);
    if (setgroups(identity->group_count, identity->groups) < 0 ||
        setresgid(identity->gid, identity->gid, identity->gid) < 0 ||
        setresuid(identity->uid, identity->uid, identity->uid) < 0)
        refuse("the program as the image's user", errno);
    const char *home = getenv("HOME");
    if (!home || !*home || strcmp(home, LAUNCHER_HOME_OF_USER) == 0) setenv("HOME", identity->home, 1);
}

static _Noreturn void become_program(const char *user, const char *directory, char **arguments) {
    struct identity identity;
    sigset_t none;
    sigemptyset(&none);
    look_up(user, &identity);
    setsid();
    enter_directory(directory);
    become(&identity);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execvp(arguments[0], arguments);
    refuse(arguments[0], errno);
}

static void pass_on(pid_t program, int number) {
    if (kill(-program, number) < 0) kill(program, number);
}

static _Noreturn void serve(pid_t program, const sigset_t *signals) {
    for (;;) {
        int number = sigwaitinfo(signals, NULL), status;
        if (number > 0 && number != SIGCHLD) pass_on(program, number);
        for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;)
            if (pid == program) _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
    }
}

int container_main(int count, char **arguments) {
    sigset_t signals;
    sigfillset(&signals);
    sigprocmask(SIG_SETMASK, &signals, NULL);
    umask(022);
    if (count <= FIRST_ARGUMENT || limit_resources(OPEN_FILES) < 0 ||
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || install_seccomp_filter() < 0)
        refuse("the container", errno);
    pid_t program = fork();
    if (program == 0) {
        close(CONTROL);
        become_program(arguments[2], arguments[3], arguments + FIRST_ARGUMENT);
    }
    if (program < 0) refuse("the container", errno);
    // The kernel puts this process's number beside it, as the sandbox sees that.
    if (send(CONTROL, "", 1, MSG_NOSIGNAL) < 0) refuse("the container", errno);
    close(CONTROL);
    serve(program, &signals);
}
