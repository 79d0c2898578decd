// The ranges of host ids that root sandboxes own. What a range needs is made once and used for one sandbox after
// another: a user namespace, and a mount namespace whose layers are shifted to its ids.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/securebits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "launcher.h"
#include "mounts.h"

static struct range ranges[RANGES_MAX];
static bool prepared[RANGES_MAX];

// The ids of a user namespace: those of the range, and of an account's containers that account's own in place of its
// number in the range.
struct map {
    uint32_t first;
    uint32_t own;       // 0: none
};

static int map_text(char *text, size_t size, const struct map *map) {
    const uint32_t end = LAUNCHER_RANGE_SIZE;
    if (map->own == 0) return snprintf(text, size, "0 %u %u\n", map->first, end);
    if (map->own >= end) return snprintf(text, size, "0 %u %u\n%u %u 1\n", map->first, end, map->own, map->own);
    return snprintf(text, size, "0 %u %u\n%u %u 1\n%u %u %u\n", map->first, map->own, map->own, map->own, map->own + 1,
                    map->first + map->own + 1, end - map->own - 1);
}

static int write_map(pid_t process, const char *name, const struct map *map) {
    char path[64], text[160];
    snprintf(path, sizeof path, "/proc/%d/%s", process, name);
    int length = map_text(text, sizeof text, map);
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (attempt(file, path) < 0) return -1;
    int result = attempt(write(file, text, (size_t)length), path);
    close(file);
    return result;
}

// What a user namespace's processes have of the kernel's limits for each user, such as pending signals and inotify
// instances, counts as its maker's as well. So that no task can use up root's, the maker is the range's first id.
static int become_maker(uint32_t id) {
    // Its capabilities stay: some systems let nobody without them make user namespaces.
    if (prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0) < 0 || setresgid(id, id, id) < 0) return -1;
    return setresuid(id, id, id);
}

// A process in a new user namespace, which says over its end of `pair` when it is there, and ends when the other end is
// closed. The parent's death does that too, whenever it comes: a signal that is asked for can be asked for too late.
static pid_t hold_user_namespace(const int pair[2], uint32_t first) {
    pid_t holder = fork();
    if (holder != 0) return holder;
    close(pair[0]);
    // What leads to the agent would hide from it that the launcher is gone.
    close(EVENTS);
    char done = become_maker(first) == 0 && unshare(CLONE_NEWUSER) == 0 ? 0 : (char)errno;
    if (write(pair[1], &done, 1) == 1)
        while (read(pair[1], &done, 1) > 0) continue;
    _exit(0);
}

static int make_user_namespace(const struct map *users, const struct map *groups) {
    int pair[2];
    if (attempt(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), "make a socket") < 0) return -1;
    pid_t holder = hold_user_namespace(pair, users->first);
    close(pair[1]);
    char done = 0;
    int namespace = -1;
    if (attempt(holder, "start a process") == 0) {
        if (read(pair[0], &done, 1) != 1) done = EIO;
        errno = done;
        char path[64];
        snprintf(path, sizeof path, "/proc/%d/ns/user", holder);
        if (attempt(done == 0 ? 0 : -1, "make a user namespace") == 0 && write_map(holder, "uid_map", users) == 0 &&
            write_map(holder, "gid_map", groups) == 0)
            namespace = open(path, O_RDONLY | O_CLOEXEC);
    }
    int error = errno;
    close(pair[0]);
    if (holder > 0) waitpid(holder, NULL, 0);
    errno = error;
    return namespace;
}

static int shift_layers(const struct options *options, int user_namespace) {
    struct mount_attr shifted = {.attr_set = MOUNT_ATTR_IDMAP, .userns_fd = (uint64_t)user_namespace};
    if (copy_mount("/layers/base", "/layers/base", 0, &shifted) < 0) return -1;
    if (options->images && copy_mount("/images", "/images", 0, &shifted) < 0) return -1;
    char place[32];
    for (size_t i = 0; i < options->path_count; i++) {
        if (!options->paths[i].layered) continue;
        snprintf(place, sizeof place, "/layers/%zu", i);
        if (copy_mount(place, place, 0, &shifted) < 0) return -1;
    }
    return 0;
}

// Runs in a process of its own, since it changes its mount namespace; hands over both namespaces, or the error.
static _Noreturn void build(const struct options *options, uint32_t index, int socket) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    close(EVENTS);
    struct map map = {.first = options->first_id + index * LAUNCHER_RANGE_SIZE};
    int made[2] = {make_user_namespace(&map, &map), -1};
    bool done = made[0] >= 0 && attempt(unshare(CLONE_NEWNS), "make a mount namespace") == 0 &&
                shift_layers(options, made[0]) == 0;
    if (done) made[1] = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
    done = done && made[1] >= 0;
    struct launcher_event event = {.error = done ? 0 : (errno != 0 ? errno : EIO)};
    memcpy(event.step, failed_step(), sizeof event.step);
    launcher_send(socket, &event, sizeof event, made, done ? 2 : 0);
    _exit(0);
}

static int receive_range(int socket, struct range *range) {
    struct launcher_event event;
    int made[LAUNCHER_DESCRIPTOR_LIMIT];
    size_t count = 0;
    ssize_t length = launcher_receive(socket, &event, sizeof event, made, &count);
    if (length == sizeof event && event.error == 0 && count == 2) {
        *range = (struct range){.user_namespace = made[0], .mount_namespace = made[1]};
        return 0;
    }
    errno = length == sizeof event && event.error != 0 ? event.error : EIO;
    return attempt(-1, length == sizeof event ? event.step : "prepare a range of ids");
}

static int prepare(const struct options *options, uint32_t index) {
    int pair[2];
    if (attempt(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), "make a socket") < 0) return -1;
    pid_t builder = fork();
    if (builder == 0) build(options, index, pair[1]);
    close(pair[1]);
    int result = attempt(builder, "start a process");
    if (result == 0) {
        result = receive_range(pair[0], &ranges[index]);
        int error = errno;
        waitpid(builder, NULL, 0);
        errno = error;
    }
    close(pair[0]);
    return result;
}

// The user namespace of an account's containers, made for one sandbox.
static int make_account_namespace(const struct options *options, const struct launcher_open *order) {
    uint32_t first = options->first_id + order->range * LAUNCHER_RANGE_SIZE;
    struct map users = {.first = first, .own = order->uid}, groups = {.first = first, .own = order->gid};
    return make_user_namespace(&users, &groups);
}

int range_prepare(const struct options *options, const struct launcher_open *order, struct range *range) {
    uint32_t index = order->range;
    if (index >= RANGES_MAX) {
        errno = ERANGE;
        return attempt(-1, "use a range of ids");
    }
    if (!prepared[index] && prepare(options, index) < 0) return -1;
    prepared[index] = true;
    *range = ranges[index];
    range->owner = options->first_id + index * LAUNCHER_RANGE_SIZE;
    if (order->is_root) return 0;
    range->user_namespace = make_account_namespace(options, order);
    return range->user_namespace < 0 ? -1 : 0;
}
