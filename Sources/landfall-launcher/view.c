// The file system of one sandbox, made in its own mount namespace out of the launcher's root.
#define _GNU_SOURCE
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "launcher.h"

enum { PTS_GROUP = 5 };  // tty's number on every Debian

size_t hosts_text(char *text, size_t size, const char *hostname) {
    return (size_t)snprintf(text, size,
                            "127.0.0.1 localhost\n127.0.1.1 %s\n169.254.169.254 metadata.google.internal metadata\n",
                            hostname);
}

size_t hostname_text(char *text, size_t size, const char *hostname) {
    return (size_t)snprintf(text, size, "%s\n", hostname);
}

// The sandbox's own tmpfs at /private: what it shows lies in memory and counts as the sandbox's.
static int make_private(const struct sandbox *sandbox) {
    const struct launcher_open *order = &sandbox->order;
    uid_t owner = order->is_root ? order->uid : 0;
    gid_t group = order->is_root ? order->gid : 0;
    char text[512];
    size_t length = hosts_text(text, sizeof text, order->hostname);
    if (attempt(mount("landfall", "/private", "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755"), "mount a tmpfs") < 0 ||
        make_directory("/private/run", 0755, owner, group) < 0 ||
        make_directory("/private/run/landfall", 0711, 0, 0) < 0 ||
        make_directory("/private/run/lock", 01777, owner, group) < 0 ||
        make_directory("/private/shm", 01777, owner, group) < 0 ||
        make_file("/private/hosts", text, length, 0644, owner, group) < 0)
        return -1;
    length = hostname_text(text, sizeof text, order->hostname);
    if (make_file("/private/hostname", text, length, 0644, owner, group) < 0) return -1;
    if (order->is_root) return 0;
    return make_file("/private/passwd", sandbox->passwd, order->passwd_length, 0644, 0, 0) < 0
               ? -1
               : make_file("/private/group", sandbox->group, order->group_length, 0644, 0, 0);
}

static int bind_below(const char *from, const char *target, const char *place) {
    char to[64];
    snprintf(to, sizeof to, "%s%s", target, place);
    return bind_path(from, to);
}

// An account's files: its home, /tmp and /var/tmp, on disk.
static int make_account_files(const struct launcher_open *order) {
    char top[160], path[256];
    snprintf(top, sizeof top, "/scratch/%s", order->id);
    static const struct {
        const char *name;
        mode_t mode;
        const char *place;
    } directories[] = {{"tmp", 01777, "/tmp"}, {"vartmp", 01777, "/var/tmp"}, {"home", 0755, "/home"}};
    for (size_t i = 0; i < sizeof directories / sizeof *directories; i++) {
        snprintf(path, sizeof path, "%s/%s", top, directories[i].name);
        if (make_directory(path, directories[i].mode, 0, 0) < 0 || bind_below(path, "/base", directories[i].place) < 0)
            return -1;
    }
    snprintf(path, sizeof path, "%s/home/%s", top, order->name);
    if (make_directory(path, 0700, order->uid, order->gid) < 0) return -1;
    return bind_below("/private/passwd", "/base", "/etc/passwd") < 0
               ? -1
               : bind_below("/private/group", "/base", "/etc/group");
}

static int mount_terminals(const struct launcher_open *order, const char *target) {
    char place[64], data[96];
    snprintf(place, sizeof place, "%s/dev/pts", target);
    snprintf(data, sizeof data, "newinstance,ptmxmode=0666,mode=0620,gid=%u",
             (order->is_root ? order->gid : 0) + PTS_GROUP);
    return attempt(mount("devpts", place, "devpts", MS_NOSUID | MS_NOEXEC, data), place);
}

// A /proc of the sandbox's processes, without what concerns the whole machine.
static int mount_proc(const char *target) {
    static const char *const hidden[] = {"kcore", "keys", "kallsyms", "sysrq-trigger", "timer_list"};
    char proc[64], place[96], null[64];
    snprintf(proc, sizeof proc, "%s/proc", target);
    snprintf(null, sizeof null, "%s/dev/null", target);
    if (attempt(mount("proc", proc, "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL), proc) < 0) return -1;
    snprintf(place, sizeof place, "%s/sys", proc);
    const unsigned long flags = MS_BIND | MS_REMOUNT | MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC;
    if (bind_path(place, place) < 0 || attempt(mount(NULL, place, NULL, flags, NULL), place) < 0) return -1;
    for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++) {
        snprintf(place, sizeof place, "%s/%s", proc, hidden[i]);
        if (access(place, F_OK) == 0 && bind_path(null, place) < 0) return -1;
    }
    return 0;
}

int enter_root(const char *target) {
    if (attempt(chdir(target), target) < 0 || attempt(syscall(SYS_pivot_root, ".", "."), "change the root") < 0 ||
        attempt(umount2(".", MNT_DETACH), "let go of the launcher's root") < 0)
        return -1;
    return attempt(chdir("/"), "/");
}

int enter_sandbox_view(const struct options *options, const struct sandbox *sandbox) {
    const struct launcher_open *order = &sandbox->order;
    const char *target = order->is_root ? "/merged" : "/base";
    if (make_private(sandbox) < 0) return -1;
    if ((order->is_root ? mount_overlays(options, sandbox) : make_account_files(order)) < 0) return -1;
    if (bind_below("/private/run", target, "/run") < 0 || bind_below("/private/shm", target, "/dev/shm") < 0 ||
        bind_below("/private/hosts", target, "/etc/hosts") < 0 ||
        bind_below("/private/hostname", target, "/etc/hostname") < 0 || mount_terminals(order, target) < 0 ||
        mount_proc(target) < 0 || show_cgroups(sandbox->hierarchies, target) < 0 || show_volumes(sandbox, target) < 0)
        return -1;
    return enter_root(target);
}
