// What the container runtime sees: the system's programs, read-only, a /proc of the sandbox's processes, and below /run
// what containers are made of. No container sees any of it but what its configuration names.
//
//   /run/images     the layers, shifted to the ids of the sandbox's range
//   /run/disk       the sandbox's directory on disk
//   /run/volumes/N  the volumes
//   /run/init       this program
//   /run/container  where each container's own tmpfs goes
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "launcher.h"

static int make_places(void) {
    static const char *const places[] = {"/base/run/images", "/base/run/disk", "/base/run/volumes",
                                         "/base/run/container"};
    if (attempt(mount("landfall", "/base/run", "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755,size=64k"), "/base/run") < 0)
        return -1;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (make_directory(places[i], 0755, 0, 0) < 0) return -1;
    return make_file("/base/run/init", "", 0, 0755, 0, 0);
}

// Without covers: the kernel lets a user namespace mount no /proc that would show more than one that is there.
static int mount_whole_proc(void) {
    return attempt(mount("proc", "/base/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL), "/proc");
}

static int mount_system(void) {
    return attempt(mount("sysfs", "/base/sys", "sysfs", MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL), "/sys");
}

int enter_surroundings(const struct sandbox *sandbox) {
    char disk[LAUNCHER_ID_SIZE + 32];
    snprintf(disk, sizeof disk, "/scratch/%s/containers", sandbox->order.id);
    if (make_directory(disk, 0755, 0, 0) < 0 || make_places() < 0 || bind_path("/images", "/base/run/images") < 0 ||
        bind_path(disk, "/base/run/disk") < 0 || bind_path("/init", "/base/run/init") < 0)
        return -1;
    if (attempt(mount("/volumes", "/base/run/volumes", NULL, MS_BIND | MS_REC, NULL), "/volumes") < 0) return -1;
    if (mount_system() < 0 || mount_whole_proc() < 0 || enter_root("/base") < 0) return -1;
    return show_runtime_cgroups(sandbox);
}
