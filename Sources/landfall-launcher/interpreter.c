// Scripts that may be read, but not executed: Batch runs them all the same when their first line names an interpreter.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "launcher.h"

// As much of a first line as the kernel looks at.
enum { FIRST_LINE_MAX = 256 };

// The first line without its `#!`. Returns 0, or -1 when the file has none, or none so short.
static int read_first_line(const char *path, char line[FIRST_LINE_MAX]) {
    // Opening a pipe that nobody writes to must not wait.
    int file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (file < 0) return -1;
    struct stat status;
    ssize_t length = fstat(file, &status) == 0 && S_ISREG(status.st_mode) ? read(file, line, FIRST_LINE_MAX - 1) : -1;
    close(file);
    if (length < 2 || memcmp(line, "#!", 2) != 0) return -1;
    line[length] = 0;
    size_t end = strcspn(line, "\n");
    if (end == FIRST_LINE_MAX - 1) return -1;
    line[end] = 0;
    memmove(line, line + 2, end - 1);
    return 0;
}

int interpret(char *path, char **environment) {
    char line[FIRST_LINE_MAX];
    if (read_first_line(path, line) < 0) return EACCES;
    // The kernel's reading: the interpreter, and all that follows is one argument.
    char *interpreter = line + strspn(line, " \t");
    char *argument = interpreter + strcspn(interpreter, " \t");
    if (*argument) *argument++ = 0;
    argument += strspn(argument, " \t");
    for (char *last = argument + strlen(argument); last > argument && strchr(" \t", last[-1]); last--) last[-1] = 0;
    if (!*interpreter) return EACCES;
    char *with[] = {interpreter, argument, path, NULL}, *without[] = {interpreter, path, NULL};
    execve(interpreter, *argument ? with : without, environment);
    return errno;
}
