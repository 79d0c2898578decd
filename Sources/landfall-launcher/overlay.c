#define _GNU_SOURCE
#include <stdio.h>
#include <sys/mount.h>

#include "launcher.h"

// Mounts `lower` at `place`, with what is written kept in a new directory `name` of the sandbox's.
static int mount_overlay(const struct sandbox *sandbox, const char *lower, const char *name, const char *place) {
    const struct launcher_open *order = &sandbox->order;
    char top[256], upper[300], work[300], data[1024];
    snprintf(top, sizeof top, "/scratch/%s/%s", order->id, name);
    snprintf(upper, sizeof upper, "%s/upper", top);
    snprintf(work, sizeof work, "%s/work", top);
    if (make_directory(top, 0700, 0, 0) < 0 || make_directory(upper, 0755, order->uid, order->gid) < 0 ||
        make_directory(work, 0700, 0, 0) < 0)
        return -1;
    // Volatile: the files die with the sandbox, so that syncing them would be waste.
    snprintf(data, sizeof data, "lowerdir=%s,upperdir=%s,workdir=%s,index=off,metacopy=off,volatile", lower, upper, work);
    return attempt(mount("overlay", place, "overlay", MS_NOSUID | MS_NODEV, data), place);
}

int mount_overlays(const struct options *options, const struct sandbox *sandbox) {
    if (mount_overlay(sandbox, "/layers/base", "root", "/merged") < 0) return -1;
    char lower[32], name[32], place[LAUNCHER_PATH_SIZE], base[LAUNCHER_PATH_SIZE];
    for (size_t i = 0; i < options->path_count; i++) {
        const struct shown_path *shown = &options->paths[i];
        snprintf(place, sizeof place, "/merged%s", shown->path);
        if (shown->layered) {
            snprintf(lower, sizeof lower, "/layers/%zu", i);
            snprintf(name, sizeof name, "layer-%zu", i);
            if (mount_overlay(sandbox, lower, name, place) < 0) return -1;
        } else {
            snprintf(base, sizeof base, "/base%s", shown->path);
            if (attempt(mount(base, place, NULL, MS_BIND | MS_REC, NULL), place) < 0) return -1;
        }
    }
    return bind_path("/dev", "/merged/dev");
}
