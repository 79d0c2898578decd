// What a task sees of cgroups: its own, read-only, as the top of each hierarchy. Programs that fit themselves to their
// machine, such as Java's, read their memory's limit there.
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "launcher.h"

static const unsigned long quiet = MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC;

// Whether a list of controllers, as "cpu,cpuacct", has one that tasks are limited or counted by.
static bool is_wanted(const char *list) {
    static const char *const wanted[] = {"cpu", "cpuacct", "memory", "pids"};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        size_t length = strlen(wanted[i]);
        for (const char *name = list; name; name = strchr(name, ',')) {
            name += *name == ',';
            if (strncmp(name, wanted[i], length) == 0 && (name[length] == 0 || name[length] == ',')) return true;
        }
    }
    return false;
}

int find_hierarchies(struct hierarchies *hierarchies) {
    FILE *file = fopen("/proc/self/cgroup", "re");
    if (!file) return attempt(-1, "read /proc/self/cgroup");
    char line[4608], list[sizeof *hierarchies->lists];
    while (hierarchies->count < HIERARCHIES_MAX && fgets(line, sizeof line, file))
        // Number, controllers, path; version 2 has no controllers there.
        if (sscanf(line, "%*u:%127[^:]:", list) == 1 && is_wanted(list))
            memcpy(hierarchies->lists[hierarchies->count++], list, sizeof list);
    fclose(file);
    return 0;
}

// Names such as cpu for cpu,cpuacct, as systems have them.
static int link_names(const char *top, const char *list) {
    char names[128], path[256];
    snprintf(names, sizeof names, "%s", list);
    if (!strchr(names, ',')) return 0;
    char *rest;
    for (char *name = strtok_r(names, ",", &rest); name; name = strtok_r(NULL, ",", &rest)) {
        snprintf(path, sizeof path, "%s/%s", top, name);
        if (attempt(symlink(list, path), path) < 0) return -1;
    }
    return 0;
}

int show_cgroups(const struct hierarchies *hierarchies, const char *target) {
    char top[64], path[256];
    snprintf(top, sizeof top, "%s/sys/fs/cgroup", target);
    if (hierarchies->count == 0) return attempt(mount("cgroup2", top, "cgroup2", quiet, NULL), top);
    if (attempt(mount("landfall", top, "tmpfs", quiet & ~(unsigned long)MS_RDONLY, "mode=0755,size=16k"), top) < 0)
        return -1;
    for (size_t i = 0; i < hierarchies->count; i++) {
        const char *list = hierarchies->lists[i];
        snprintf(path, sizeof path, "%s/%s", top, list);
        if (make_directory(path, 0755, 0, 0) < 0 || link_names(top, list) < 0 ||
            attempt(mount("cgroup", path, "cgroup", quiet, list), path) < 0)
            return -1;
    }
    return attempt(mount(NULL, top, NULL, MS_REMOUNT | MS_BIND | quiet, NULL), top);
}
