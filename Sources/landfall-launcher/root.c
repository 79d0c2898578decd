// The launcher's root: the few mounts that every sandbox is made of, and nothing else of the host.
//
//   /base     what a non-root task sees, read-only: the curated /etc, and the shown paths in their places
//   /layers/N each layered path, as the lower layer of root tasks; /layers/base the tree without the shown paths
//   /dev      the device nodes and links of every sandbox
//   /scratch  the directories of the sandboxes, on disk
//   /images   the layers of images, read-only; and /init, this program, as process 1 of containers
//   /private, /merged, /volumes   where a sandbox's own tmpfs, overlay and volumes go
//   /proc     the host's, for writing id maps; no sandbox keeps it
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "launcher.h"
#include "mounts.h"

static const struct {
    const char *name;
    unsigned major, minor;
} devices[] = {{"null", 1, 3}, {"zero", 1, 5}, {"full", 1, 7}, {"random", 1, 8}, {"urandom", 1, 9}, {"tty", 5, 0}};

static const struct {
    const char *name, *target;
} links[] = {{"fd", "/proc/self/fd"},
             {"stdin", "/proc/self/fd/0"},
             {"stdout", "/proc/self/fd/1"},
             {"stderr", "/proc/self/fd/2"},
             {"ptmx", "pts/ptmx"}};

static int make_devices(void) {
    if (attempt(mount("tmpfs", "mnt/dev", "tmpfs", MS_NOSUID | MS_NOEXEC, "mode=0755,size=64k"), "mount /dev") < 0)
        return -1;
    char path[PATH_MAX];
    for (size_t i = 0; i < sizeof devices / sizeof *devices; i++) {
        snprintf(path, sizeof path, "mnt/dev/%s", devices[i].name);
        dev_t device = makedev(devices[i].major, devices[i].minor);
        if (attempt(mknod(path, S_IFCHR | 0600, device), path) < 0 || attempt(chmod(path, 0666), path) < 0) return -1;
    }
    for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
        snprintf(path, sizeof path, "mnt/dev/%s", links[i].name);
        if (attempt(symlink(links[i].target, path), path) < 0) return -1;
    }
    if (make_directory("mnt/dev/pts", 0755, 0, 0) < 0 || make_directory("mnt/dev/shm", 0755, 0, 0) < 0) return -1;
    struct mount_attr read_only = {.attr_set = MOUNT_ATTR_RDONLY};
    return attempt(mount_setattr(AT_FDCWD, "mnt/dev", 0, &read_only, sizeof read_only), "make /dev read-only");
}

static int show_path(const struct shown_path *shown, size_t index) {
    struct mount_attr quiet = {.attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV};
    char place[PATH_MAX];
    if (!shown->root_only) {
        snprintf(place, sizeof place, "mnt/base%s", shown->path);
        if (copy_mount(shown->path, place, AT_RECURSIVE, &quiet) < 0) return -1;
    }
    if (!shown->layered) return 0;
    snprintf(place, sizeof place, "mnt/layers/%zu", index);
    return make_directory(place, 0755, 0, 0) < 0 ? -1 : copy_mount(shown->path, place, 0, &quiet);
}

// A copy: a file that an upgrade has replaced on disk can be mounted nowhere any more.
static int show_own_program(const struct mount_attr *attributes) {
    int program = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    if (attempt(program, "open the launcher's program") < 0) return -1;
    int result = copy_file(program, "mnt/init", 0755);
    close(program);
    return result < 0 ? -1 : copy_mount("mnt/init", "mnt/init", 0, attributes);
}

static int fill_root(const struct options *options) {
    static const char *const directories[] = {"mnt/base",    "mnt/layers", "mnt/layers/base", "mnt/dev", "mnt/scratch",
                                              "mnt/private", "mnt/merged", "mnt/proc",        "mnt/old",
                                              "mnt/images",  "mnt/volumes"};
    for (size_t i = 0; i < sizeof directories / sizeof *directories; i++)
        if (make_directory(directories[i], 0755, 0, 0) < 0) return -1;
    struct mount_attr quiet = {.attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV};
    struct mount_attr writable = {.attr_set = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV};
    struct mount_attr plain = {0};
    if (copy_mount("base", "mnt/base", 0, &quiet) < 0 || copy_mount("base", "mnt/layers/base", 0, &quiet) < 0 ||
        copy_mount("scratch", "mnt/scratch", 0, &writable) < 0 || copy_mount("/proc", "mnt/proc", 0, &plain) < 0)
        return -1;
    if (options->images && (copy_mount(options->images, "mnt/images", 0, &quiet) < 0 || show_own_program(&quiet) < 0))
        return -1;
    for (size_t i = 0; i < options->path_count; i++)
        if (show_path(&options->paths[i], i) < 0) return -1;
    return make_devices() < 0 ? -1 : bind_path("mnt/dev", "mnt/base/dev");
}

int enter_launcher_root(const struct options *options) {
    if (attempt(unshare(CLONE_NEWNS), "make a mount namespace") < 0 ||
        attempt(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), "make the mounts private") < 0 ||
        attempt(chdir(options->directory), options->directory) < 0 ||
        attempt(mount("landfall", "mnt", "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755,size=16m"), "mount a tmpfs") < 0 ||
        fill_root(options) < 0 || attempt(chdir("mnt"), "mnt") < 0 ||
        attempt(syscall(SYS_pivot_root, ".", "old"), "change the root") < 0 || attempt(chdir("/"), "/") < 0 ||
        attempt(umount2("/old", MNT_DETACH), "let go of the host's root") < 0)
        return -1;
    return attempt(rmdir("/old"), "/old");
}
