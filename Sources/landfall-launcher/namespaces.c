// Which mount namespaces a sandbox has. Scripts and containers see different files: each kind has a view of its own, made
// in a namespace of its own if there are both.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "launcher.h"
#include "mounts.h"

// A copy of the volumes' mounts that can be attached in another namespace; -1 where there are no volumes.
static int copy_volumes(const struct sandbox *sandbox, int *copy) {
    *copy = -1;
    if (sandbox->order.volume_count == 0) return 0;
    *copy = open_tree(AT_FDCWD, "/volumes", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);
    return attempt(*copy, "copy the volumes");
}

// Makes a copy of the range's mount namespace, in which the layers are shifted to its ids, with the volumes.
static int enter_range(const struct sandbox *sandbox, int volumes) {
    if (attempt(setns(sandbox->range.mount_namespace, CLONE_NEWNS), "enter the range's mount namespace") < 0 ||
        attempt(unshare(CLONE_NEWNS), "make a mount namespace") < 0)
        return -1;
    return volumes < 0 ? 0
                       : attempt(move_mount(volumes, "", AT_FDCWD, "/volumes", MOVE_MOUNT_F_EMPTY_PATH), "/volumes");
}

static int make_container_view(struct sandbox *sandbox, int volumes) {
    if (enter_range(sandbox, volumes) < 0 || enter_surroundings(sandbox) < 0) return -1;
    sandbox->container_view = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
    return attempt(sandbox->container_view, "keep a mount namespace");
}

static int make_script_view(const struct options *options, const struct sandbox *sandbox, int own, int volumes) {
    if (own >= 0 && !sandbox->order.is_root && attempt(setns(own, CLONE_NEWNS), "return to a mount namespace") < 0)
        return -1;
    if (sandbox->order.is_root && enter_range(sandbox, volumes) < 0) return -1;
    return enter_sandbox_view(options, sandbox);
}

// The sandbox's directory on disk; the agent may have put volumes there.
static int make_files(const struct sandbox *sandbox) {
    char top[LAUNCHER_ID_SIZE + 16];
    snprintf(top, sizeof top, "/scratch/%s", sandbox->order.id);
    return mkdir(top, 0755) < 0 && errno != EEXIST ? attempt(-1, top) : 0;
}

int enter_views(const struct options *options, struct sandbox *sandbox) {
    int own = -1, of_containers = -1, of_scripts = -1;
    if (make_files(sandbox) < 0 || attach_volumes(sandbox) < 0 || copy_volumes(sandbox, &of_containers) < 0 ||
        copy_volumes(sandbox, &of_scripts) < 0)
        return -1;
    if (sandbox->order.has_containers) {
        own = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
        if (attempt(own, "keep a mount namespace") < 0 || make_container_view(sandbox, of_containers) < 0) return -1;
    }
    // What was opened here is closed with all else that is not kept.
    return sandbox->order.has_scripts ? make_script_view(options, sandbox, own, of_scripts) : 0;
}
