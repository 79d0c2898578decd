#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unpack.h"

enum { DIRECTORY_SIZE = 4096, UNIT = 512 };

void make_directory(const struct place *place) {
    if (is_root(place)) return;
    struct stat there;
    bool exists = fstatat(place->directory, place->name, &there, AT_SYMLINK_NOFOLLOW) == 0;
    if (exists && S_ISDIR(there.st_mode)) return;
    count_entry(0);
    count_allocated(DIRECTORY_SIZE);
    bool hides = exists && holds_whiteout(place);
    if (exists) displace(place);
    if (mkdirat(place->directory, place->name, 0755) < 0) stop_at("make a directory");
    // What lower layers have there stays hidden.
    if (hides) mark_opaque(place->directory, place->name);
}

static void write_directory(const struct place *place, const char *path, struct archive_entry *entry) {
    make_directory(place);
    int directory = openat(place->directory, place->name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (directory < 0) stop_at("open the directory");
    set_attributes(directory, entry);
    close(directory);
    char normalized[PATH_MAX];
    normalize(path, normalized);
    keep_directory_time(normalized, entry);
}

// What an archive leaves out of a file is a hole in it.
static void write_content(int file, struct archive *archive, la_int64_t size) {
    const void *bytes;
    size_t length;
    la_int64_t offset;
    int result;
    while ((result = archive_read_data_block(archive, &bytes, &length, &offset)) == ARCHIVE_OK) {
        if (offset < 0 || offset > size || (la_int64_t)length > size - offset) refuse("has bytes beyond its end");
        for (size_t done = 0; done < length;) {
            ssize_t written = pwrite(file, (const char *)bytes + done, length - done, offset + (off_t)done);
            if (written < 0 && errno == EINTR) continue;
            if (written < 0) stop_at("write");
            done += (size_t)written;
        }
    }
    if (result != ARCHIVE_EOF) refuse("is damaged: %s", reason(archive));
    if (ftruncate(file, size) < 0) stop_at("set the size");
}

static void write_file(const struct place *place, struct archive *archive, struct archive_entry *entry) {
    la_int64_t size = archive_entry_size(entry);
    if (size < 0) refuse("has a negative size");
    count_entry((uint64_t)size);
    const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    int file = openat(place->directory, place->name, flags, 0600);
    if (file < 0 && errno == EEXIST) {
        displace(place);
        file = openat(place->directory, place->name, flags, 0600);
    }
    if (file < 0) stop_at("create");
    write_content(file, archive, size);
    set_attributes(file, entry);
    struct stat written;
    if (fstat(file, &written) < 0) stop_at("measure");
    count_allocated((uint64_t)written.st_blocks * UNIT);
    close(file);
}

static void write_symbolic_link(const struct place *place, struct archive_entry *entry) {
    const char *target = archive_entry_symlink(entry);
    if (!target || !*target) refuse("is a link to nothing");
    count_entry(0);
    if (symlinkat(target, place->directory, place->name) < 0) {
        if (errno != EEXIST) stop_at("make a link");
        displace(place);
        if (symlinkat(target, place->directory, place->name) < 0) stop_at("make a link");
    }
    set_attributes_at(place, entry);
}

static void write_pipe(const struct place *place, struct archive_entry *entry) {
    count_entry(0);
    if (mknodat(place->directory, place->name, S_IFIFO | 0600, 0) < 0) {
        if (errno != EEXIST) stop_at("make a pipe");
        displace(place);
        if (mknodat(place->directory, place->name, S_IFIFO | 0600, 0) < 0) stop_at("make a pipe");
    }
    set_attributes_at(place, entry);
}

static bool is_same_file(const struct place *one, const struct place *other) {
    struct stat first, second;
    return fstatat(one->directory, one->name, &first, AT_SYMLINK_NOFOLLOW) == 0 &&
           fstatat(other->directory, other->name, &second, AT_SYMLINK_NOFOLLOW) == 0 && first.st_dev == second.st_dev &&
           first.st_ino == second.st_ino;
}

// The target is a file of this layer, found like any other entry; a symbolic link at its end is not followed.
static void write_hard_link(const char *path, const char *to) {
    struct place target = find_place(to);
    target.directory = fcntl(target.directory, F_DUPFD_CLOEXEC, 0);
    if (target.directory < 0) stop_at("open the directory of what it is a link to");
    struct place place = find_place(path);
    count_entry(0);
    if (linkat(target.directory, target.name, place.directory, place.name, 0) < 0) {
        if (errno != EEXIST) stop_at("make a hard link");
        if (!is_same_file(&target, &place)) {
            displace(&place);
            if (linkat(target.directory, target.name, place.directory, place.name, 0) < 0)
                stop_at("make a hard link");
        }
    }
    close(target.directory);
}

static void write_at(const struct place *place, const char *path, struct archive *archive,
                     struct archive_entry *entry) {
    switch (archive_entry_filetype(entry)) {
    case AE_IFREG: return write_file(place, archive, entry);
    case AE_IFDIR: return write_directory(place, path, entry);
    case AE_IFLNK: return write_symbolic_link(place, entry);
    case AE_IFIFO: return write_pipe(place, entry);
    case AE_IFCHR:
    case AE_IFBLK: refuse("is a device, which no image may bring along");
    case AE_IFSOCK: refuse("is a socket, which no image may bring along");
    default: refuse("is of a kind that no image may bring along");
    }
}

void write_entry(struct archive *archive, struct archive_entry *entry) {
    const char *path = archive_entry_pathname(entry);
    if (!path || !*path) refuse("has no name");
    begin_entry(path);
    struct place place = find_place(path);
    if (apply_whiteout(&place)) return;
    const char *link = archive_entry_hardlink(entry);
    if (link) return write_hard_link(path, link);
    if (is_root(&place) && archive_entry_filetype(entry) != AE_IFDIR) refuse("is the root, and no directory");
    write_at(&place, path, archive, entry);
}
