// From fork to the container runtime's exec. The runtime sees a tmpfs at /run/container that nobody else sees and that
// is gone with the container: its bundle, its state, and what the container writes to its root if that stays in memory.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "launcher.h"
#include "mounts.h"

// Descriptors of the runtime. The container's first process gets the first of them.
enum { CONTROL = 3, LOG = 4 };

static const char bundle[] = "/run/container";

static _Noreturn void refuse(const struct container_order *order) {
    // As the runtime would have it: the text is read when no container has said that it runs.
    dprintf(order->log, "%s: %s\n", failed_step(), strerror(errno));
    _exit(1);
}

// Links of short names, since the kernel takes no more than a page of them all.
static int link_layers(const struct container_order *order, char *list, size_t size) {
    const char *layer = order->content + order->contain.configuration_length;
    const char *end = layer + order->contain.layers_length;
    size_t count = 0, length = 0;
    for (; layer < end; layer += strlen(layer) + 1, count++) {
        char target[PATH_MAX], name[24];
        snprintf(target, sizeof target, "/run/images/%s", layer);
        snprintf(name, sizeof name, "%zu", count);
        if (attempt(symlink(target, name), layer) < 0) return -1;
    }
    // The kernel wants the highest first.
    while (count-- > 0) {
        length += (size_t)snprintf(list + length, size - length, length == 0 ? "%zu" : ":%zu", count);
        if (length >= size) {
            errno = E2BIG;
            return attempt(-1, "mount so many layers");
        }
    }
    return 0;
}

static int mount_root(const struct container_order *order, const struct sandbox *sandbox) {
    char list[3072], top[64], upper[96], work[96], data[4096];
    snprintf(top, sizeof top, "%s/write", bundle);
    if (order->contain.is_on_disk) snprintf(top, sizeof top, "/run/disk/%u", order->contain.run);
    snprintf(upper, sizeof upper, "%s/upper", top);
    snprintf(work, sizeof work, "%s/work", top);
    uid_t root = sandbox->range.owner;
    if (make_directory(top, 0700, 0, 0) < 0 || make_directory(upper, 0755, root, root) < 0 ||
        make_directory(work, 0700, 0, 0) < 0 || make_directory("layers", 0700, 0, 0) < 0 ||
        attempt(chdir("layers"), "layers") < 0 || link_layers(order, list, sizeof list) < 0)
        return -1;
    snprintf(data, sizeof data, "lowerdir=%s,upperdir=%s,workdir=%s,index=off,metacopy=off,volatile", list, upper, work);
    if (attempt(mount("overlay", "/run/container/rootfs", "overlay", MS_NOSUID | MS_NODEV, data), "mount the image") < 0)
        return -1;
    return attempt(chdir(bundle), bundle);
}

// Shows a part of a volume at a place that the configuration names. No part of the path may be a link.
static int show_part(const char *volume, const char *part, size_t number, const struct launcher_open *user) {
    char path[64];
    snprintf(path, sizeof path, "/run/volumes/%s", volume);
    int directory = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    while (directory >= 0 && *(part += strspn(part, "/"))) {
        char name[NAME_MAX + 1];
        size_t length = strcspn(part, "/");
        snprintf(name, sizeof name, "%.*s", (int)length, part);
        part += length;
        // One that is not there yet is made, as Kubernetes does; a volume that is read-only refuses that.
        make_owned_directory(directory, name, user->uid, user->gid);
        int next = openat(directory, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        int error = errno;
        close(directory);
        errno = error;
        directory = next;
    }
    if (attempt(directory, "find the directory of a volume") < 0) return -1;
    int copy = open_tree(directory, "", AT_EMPTY_PATH | OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);
    snprintf(path, sizeof path, "mounts/%zu", number);
    if (attempt(copy, "copy a volume's mount") < 0 || make_directory(path, 0755, 0, 0) < 0) return -1;
    return attempt(move_mount(copy, "", AT_FDCWD, path, MOVE_MOUNT_F_EMPTY_PATH), "mount a volume");
}

static int show_mounts(const struct container_order *order, const struct sandbox *sandbox) {
    const char *next = order->content + order->contain.configuration_length + order->contain.layers_length;
    const char *end = next + order->contain.mounts_length;
    if (make_directory("mounts", 0755, 0, 0) < 0) return -1;
    for (size_t number = 0; next < end; number++) {
        const char *volume = next, *part = volume + strlen(volume) + 1;
        next = part + strlen(part) + 1;
        if (show_part(volume, part, number, &sandbox->order) < 0) return -1;
    }
    return 0;
}

// A copy of the name servers, which are the same for all: the container may write to its own.
static int copy_name_servers(uid_t owner) {
    char text[16384];
    int file = open("/etc/resolv.conf", O_RDONLY | O_CLOEXEC);
    ssize_t length = file < 0 ? -1 : read(file, text, sizeof text);
    if (file >= 0) close(file);
    if (attempt(length, "read /etc/resolv.conf") < 0) return -1;
    return make_file("resolv.conf", text, (size_t)length, 0644, owner, owner);
}

// The user namespace as a file, which every process of a runtime can open, whatever descriptors it has.
static int show_user_namespace(const struct range *range) {
    char path[32];
    snprintf(path, sizeof path, "/proc/self/fd/%d", range->user_namespace);
    return make_file("user", "", 0, 0600, 0, 0) < 0 ? -1 : bind_path(path, "/run/container/user");
}

static int make_bundle(const struct container_order *order, const struct sandbox *sandbox) {
    char text[512];
    const char *hostname = order->contain.hostname;
    uid_t root = sandbox->range.owner;
    // A directory that the container's root may pass through, since its mounts are made as that.
    if (attempt(mount("landfall", bundle, "tmpfs", MS_NOSUID | MS_NODEV, "mode=0711,size=100%"), bundle) < 0 ||
        attempt(chdir(bundle), bundle) < 0 || make_directory("rootfs", 0755, 0, 0) < 0 ||
        make_directory("state", 0700, 0, 0) < 0 || mount_root(order, sandbox) < 0 || show_mounts(order, sandbox) < 0)
        return -1;
    if (make_file("hosts", text, hosts_text(text, sizeof text, hostname), 0644, root, root) < 0 ||
        make_file("hostname", text, hostname_text(text, sizeof text, hostname), 0644, root, root) < 0 ||
        copy_name_servers(root) < 0 || show_user_namespace(&sandbox->range) < 0)
        return -1;
    return make_file("config.json", order->content, (size_t)order->contain.configuration_length, 0600, 0, 0);
}

static int enter_namespaces(const struct container_order *order, const struct sandbox *sandbox) {
    if (attempt(setns(sandbox->container_view, CLONE_NEWNS), "enter the containers' mount namespace") < 0 ||
        attempt(unshare(CLONE_NEWNS), "make a mount namespace") < 0)
        return -1;
    return order->network < 0 ? 0 : attempt(setns(order->network, CLONE_NEWNET), "enter the container's network");
}

static int arrange_descriptors(const struct container_order *order) {
    const int wanted[] = {order->control, order->log};
    int away[2];
    // Standard input is a file that ends at once; the runtime gives the three to the container's root.
    int input = open("/run/container/input", O_RDONLY | O_CREAT | O_CLOEXEC, 0400);
    if (attempt(input, "open the input") < 0 || attempt(dup2(input, STDIN_FILENO), "connect the input") < 0 ||
        connect_streams(order->output, order->errors) < 0)
        return -1;
    for (int i = 0; i < 2; i++)
        if (attempt(away[i] = fcntl(wanted[i], F_DUPFD, 64), "keep a descriptor") < 0) return -1;
    for (int i = 0; i < 2; i++)
        if (attempt(dup2(away[i], CONTROL + i), "keep a descriptor") < 0) return -1;
    return attempt(close_range(LOG + 1, ~0U, 0), "close descriptors");
}

void become_runtime(const struct container_order *order, const struct sandbox *sandbox) {
    struct container_order mine = *order;
    umask(022);
    if (setsid() < 0 || enter_namespaces(order, sandbox) < 0 || make_bundle(order, sandbox) < 0 ||
        arrange_descriptors(order) < 0)
        refuse(order);
    mine.log = LOG;
    if (restore_signals() == 0) execute_runtime(&sandbox->runtime);
    attempt(-1, sandbox->runtime.path);
    refuse(&mine);
}
