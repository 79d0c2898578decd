#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "unpack.h"

enum { LAST_ID = 65535, MODE_BITS = 07777 };

// A directory whose time is to be set.
struct dated {
    struct dated *next;
    struct timespec time;
    char path[];
};

static struct dated *directories;

static uid_t id_of(la_int64_t id, const char *whose) {
    if (id < 0 || id > LAST_ID) refuse("belongs to %s %lld; ids from 0 to %d can be", whose, (long long)id, LAST_ID);
    return (uid_t)id;
}

static struct timespec time_of(struct archive_entry *entry) {
    struct timespec time = {.tv_sec = archive_entry_mtime(entry), .tv_nsec = archive_entry_mtime_nsec(entry)};
    if (time.tv_nsec < 0 || time.tv_nsec >= 1000000000) time.tv_nsec = 0;
    return time;
}

static mode_t mode_of(struct archive_entry *entry) { return archive_entry_mode(entry) & MODE_BITS; }

// Only users' own attributes are kept. Capabilities of files would do nothing, as no task gets new privileges, and
// overlayfs takes orders from attributes of its own.
static bool is_kept(const char *attribute) {
    static const char users[] = "user.", overlay[] = "user.overlay.";
    return strncmp(attribute, users, strlen(users)) == 0 && strncmp(attribute, overlay, strlen(overlay)) != 0;
}

static void set_extended_attributes(int file, struct archive_entry *entry) {
    const char *name;
    const void *value;
    size_t size;
    archive_entry_xattr_reset(entry);
    while (archive_entry_xattr_next(entry, &name, &value, &size) == ARCHIVE_OK) {
        if (!is_kept(name) || fsetxattr(file, name, value, size, 0) == 0) continue;
        // Not every file system has them, and no program counts on them.
        if (errno != EOPNOTSUPP) stop_at("set an attribute");
    }
}

void set_attributes(int file, struct archive_entry *entry) {
    const struct timespec times[] = {time_of(entry), time_of(entry)};
    if (fchown(file, id_of(archive_entry_uid(entry), "user"), id_of(archive_entry_gid(entry), "group")) < 0)
        stop_at("set the owner");
    // After the owner: a change of that takes the setuid bits away.
    if (fchmod(file, mode_of(entry)) < 0) stop_at("set the mode");
    set_extended_attributes(file, entry);
    if (futimens(file, times) < 0) stop_at("set the time");
}

void set_attributes_at(const struct place *place, struct archive_entry *entry) {
    const struct timespec times[] = {time_of(entry), time_of(entry)};
    uid_t user = id_of(archive_entry_uid(entry), "user");
    gid_t group = id_of(archive_entry_gid(entry), "group");
    if (fchownat(place->directory, place->name, user, group, AT_SYMLINK_NOFOLLOW) < 0) stop_at("set the owner");
    if (archive_entry_filetype(entry) != AE_IFLNK && fchmodat(place->directory, place->name, mode_of(entry), 0) < 0)
        stop_at("set the mode");
    if (utimensat(place->directory, place->name, times, AT_SYMLINK_NOFOLLOW) < 0) stop_at("set the time");
}

void keep_directory_time(const char *path, struct archive_entry *entry) {
    struct dated *new = malloc(sizeof *new + strlen(path) + 1);
    if (!new) refuse("is a directory too many for the memory that unpacking may take");
    *new = (struct dated){.next = directories, .time = time_of(entry)};
    strcpy(new->path, path);
    directories = new;
}

void set_directory_times(void) {
    for (const struct dated *directory = directories; directory; directory = directory->next) {
        int opened = open_within_root(directory->path);
        // Something else may have taken its place since.
        if (opened < 0) continue;
        const struct timespec times[] = {directory->time, directory->time};
        if (utimensat(opened, "", times, AT_EMPTY_PATH) < 0) fail("set a directory's time");
        close(opened);
    }
}
