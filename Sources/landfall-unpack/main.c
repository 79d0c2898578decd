// landfall-unpack: unpacks one layer of a container image into a directory of its own.
//
// The layer comes on standard input, plain or compressed by gzip or zstd, and a line that says what came of it goes to
// standard output: "layer DIFF-ID BYTES ENTRIES", "refused WHY" when the layer breaks a rule, "failed WHY" when this
// machine is at fault. The agent that starts it is root, and layers are strangers' bytes. So this process first gives up
// all but the directory, and the capabilities and system calls that writing files takes.
#include <errno.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unpack.h"

// What libarchive needs at most, the window of a zstd stream included, and a list of directories.
static const rlim_t memory_limit = (rlim_t)1 << 30;

static void limit_resources(void) {
    const struct rlimit memory = {memory_limit, memory_limit}, files = {64, 64}, core = {0, 0};
    if (setrlimit(RLIMIT_AS, &memory) < 0) fail("limit the memory");
    if (setrlimit(RLIMIT_NOFILE, &files) < 0) fail("limit the open files");
    if (setrlimit(RLIMIT_CORE, &core) < 0) fail("turn core files off");
}

static la_ssize_t read_stream(struct archive *archive, void *context, const void **bytes) {
    (void)archive;
    (void)context;
    return (la_ssize_t)next_bytes(bytes);
}

static bool next_entry(struct archive *archive, struct archive_entry **entry) {
    int result = archive_read_next_header(archive, entry);
    if (result == ARCHIVE_EOF) return false;
    // A warning is about a name that is not ASCII; its bytes stay as they are.
    if (result != ARCHIVE_OK && result != ARCHIVE_WARN) refuse("is damaged: %s", reason(archive));
    return true;
}

static void unpack(void) {
    struct archive *archive = archive_read_new();
    if (!archive || archive_read_support_format_tar(archive) != ARCHIVE_OK) fail("prepare to read a layer");
    if (archive_read_open(archive, NULL, NULL, read_stream, NULL) != ARCHIVE_OK)
        refuse("is damaged: %s", reason(archive));
    for (struct archive_entry *entry; next_entry(archive, &entry);) write_entry(archive, entry);
    begin_entry("");
    // What follows the archive's end counts for the digest too.
    for (const void *rest; next_bytes(&rest) > 0;) continue;
}

int main(int count, char **arguments) {
    if (count != 4) {
        errno = EINVAL;
        fail("read the arguments DIRECTORY ENTRIES BYTES");
    }
    uint64_t entries = strtoull(arguments[2], NULL, 10), bytes = strtoull(arguments[3], NULL, 10);
    set_limits(entries, bytes);
    umask(0);
    enter_directory(arguments[1]);
    fork_marker();
    limit_resources();
    drop_privileges();
    filter_system_calls();
    open_stream(bytes);
    unpack();
    set_directory_times();
    uint8_t diff_id[DIFF_ID_SIZE];
    finish_stream(diff_id);
    report_layer(diff_id, sizeof diff_id, counted_allocated(), counted_entries());
    return 0;
}
