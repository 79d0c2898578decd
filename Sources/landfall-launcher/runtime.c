// How crun and runc are called, and what of cgroups they see. A container's processes are in the sandbox's groups, whose
// limits hold for all that the sandbox does: no runtime has anything to do there.
#define _GNU_SOURCE
#include <errno.h>
#include <stddef.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "launcher.h"

static const char cgroups[] = "/sys/fs/cgroup";
static const unsigned long flags = MS_NOSUID | MS_NODEV | MS_NOEXEC;

void execute_runtime(const struct runtime *runtime) {
    char *path = (char *)runtime->path;
    char *const environment[] = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin", NULL};
    char *const of_crun[] = {path, "--cgroup-manager=disabled", "--root=/run/container/state", "--log=/proc/self/fd/4",
                             "run", "--bundle=/run/container", "--preserve-fds=1", "--no-new-keyring", "task", NULL};
    char *const of_runc[] = {path, "--rootless=false", "--root=/run/container/state", "--log=/proc/self/fd/4",
                             "run", "--bundle=/run/container", "--preserve-fds=1", "--no-new-keyring", "task", NULL};
    execve(path, runtime->is_runc ? of_runc : of_crun, environment);
}

// runc puts each container into a group of its own, whatever it is told, and hands all controllers on to it. What it
// takes for the whole tree is a group below the sandbox's that has no controllers, so that it finds none to hand on.
static int show_empty_group(void) {
    if (attempt(mount("cgroup2", cgroups, "cgroup2", flags, NULL), cgroups) < 0) return -1;
    // A sandbox that serves again has it from the one before.
    if (mkdir("/sys/fs/cgroup/containers", 0755) < 0 && errno != EEXIST) return attempt(-1, "make a cgroup");
    return bind_path("/sys/fs/cgroup/containers", cgroups);
}

int show_runtime_cgroups(const struct sandbox *sandbox) {
    // crun asks only what kind of groups there are, so that it can see what its containers are to see.
    return sandbox->runtime.is_runc ? show_empty_group() : show_cgroups(sandbox->hierarchies, "");
}
