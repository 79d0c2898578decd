// What the parts of landfall-unpack share. A function that cannot do its work ends the process with a report.
#pragma once

#include <archive.h>
#include <archive_entry.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

// MARK: Reports, one line on standard output

// The layer breaks a rule: ends the process.
_Noreturn void refuse(const char *format, ...) __attribute__((format(printf, 1, 2)));

// This machine cannot do something; errno says why: ends the process.
_Noreturn void fail(const char *doing);

// Something failed for the entry at hand; errno says why, and by that the layer or the machine is at fault: ends the
// process.
_Noreturn void stop_at(const char *doing);

// What libarchive says is wrong.
const char *reason(struct archive *archive);

// Names the entry at hand, for errors.
void begin_entry(const char *path);

// The layer is there.
void report_layer(const uint8_t *diff_id, size_t length, uint64_t bytes, uint64_t entries);

// MARK: Confinement

// Makes the directory all that this process can see of files, and leaves it no network and no other processes.
void enter_directory(const char *path);

// Keeps the few capabilities and system calls that writing files takes.
void drop_privileges(void);

// Lets only the system calls through that writing files takes.
void filter_system_calls(void);

// MARK: The layer's bytes

// Begins to read standard input, of which at most `most` bytes may come once it is decompressed.
void open_stream(uint64_t most);

// The next decompressed bytes; 0 at the end.
size_t next_bytes(const void **bytes);

enum { DIFF_ID_SIZE = 32 };

// The digest of all decompressed bytes, after the end.
void finish_stream(uint8_t diff_id[DIFF_ID_SIZE]);

// MARK: Limits

// Sets how many files and bytes the layer may have.
void set_limits(uint64_t entries, uint64_t bytes);

// Counts a file, directory or link that is about to be made, of `bytes` by its length.
void count_entry(uint64_t bytes);

// Counts what a file or directory takes of the disk.
void count_allocated(uint64_t bytes);

// What was counted.
uint64_t counted_entries(void);
uint64_t counted_allocated(void);

// MARK: Places

// Where an entry goes: the directory that it is in, as an O_PATH descriptor that stays open until the next place is
// looked up, and its name there. The root's name is ".".
struct place {
    int directory;
    char name[NAME_MAX + 1];
};

// Finds the place of a path of the layer, and makes the directories that lead to it. Links on the way are followed as if
// the layer were a whole file system. Refuses "..".
struct place find_place(const char *path);

// The path of the layer as relative to its root and without "." and empty parts; the root is ".".
void normalize(const char *path, char normalized[PATH_MAX]);

// Forgets the directory that was found last: what leads to it may have changed.
void forget_places(void);

// A descriptor of the layer's root.
int root_directory(void);

// Opens a directory of the layer by its normalised path, as O_PATH; -1 with errno set.
int open_within_root(const char *path);

bool is_root(const struct place *place);

// MARK: Whiteouts

// Handles an entry whose name says that it is a whiteout; false if it is none.
bool apply_whiteout(const struct place *place);

// Whether the place is taken by a whiteout of this layer.
bool holds_whiteout(const struct place *place);

// Makes a directory of this layer hide what lower layers have in it.
void mark_opaque(int directory, const char *name);

// Starts the process that marks directories, which takes a capability that the unpacking process does not have. Returns
// in a new process; the old one ends with it.
void fork_marker(void);

// MARK: Entries

// Writes one entry of the archive.
void write_entry(struct archive *archive, struct archive_entry *entry);

// Makes room for an entry where something else of the same layer is.
void displace(const struct place *place);

// Makes a directory, or keeps the one that is there.
void make_directory(const struct place *place);

// Sets owner, mode, times and attributes of what is open.
void set_attributes(int file, struct archive_entry *entry);

// Sets those of a link or pipe, which is not opened.
void set_attributes_at(const struct place *place, struct archive_entry *entry);

// Remembers to set the time of a directory, by its normalised path, when all is in it.
void keep_directory_time(const char *path, struct archive_entry *entry);
void set_directory_times(void);
