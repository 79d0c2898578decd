// Linux calls that Swift's Glibc module does not show. Each returns -1 and sets errno on failure,
// unless it says otherwise.
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/// A new epoll instance, closed on exec.
int clinux_epoll_create(void);

/// Watches `descriptor` for reading, level-triggered; `token` comes back with its events.
int clinux_epoll_add(int epoll, int descriptor, uint64_t token);

/// Watches `descriptor` no longer.
int clinux_epoll_remove(int epoll, int descriptor);

/// Waits for events without a limit of time and stores their tokens; returns how many, from 1 to `capacity`.
int clinux_epoll_wait(int epoll, uint64_t *tokens, int capacity);

/// Writes all of a file system that is not on its disk yet; `descriptor` is anything of it.
int clinux_sync_file_system(int descriptor);

/// A new eventfd, non-blocking and closed on exec.
int clinux_event_create(void);

/// How `clinux_spawn` starts a program.
struct clinux_spawn_options {
    /// Becomes standard input.
    int input;
    /// Becomes standard output and standard error; -1: both are inherited.
    int output;
    /// The program leads a new session.
    bool new_session;
};

/// Starts the program at `path` with all signals at their defaults and unblocked and no descriptors from 3 up.
///
/// Returns 0, or an error number; errno is not set.
int clinux_spawn(pid_t *pid, const char *path, char *const arguments[], char *const environment[],
                 const struct clinux_spawn_options *options);

/// Lets freed memory go back to the system: blocks from `mapped_from` bytes on are mapped by themselves, and threads
/// share `heaps` heaps. To be called before the process has threads; false where the C library refuses.
bool clinux_return_freed_memory(int mapped_from, int heaps);

/// Lets the system take back the pages of the program and its libraries that were read and never written. Those that are
/// used again are mapped again, out of the page cache as a rule.
void clinux_release_program_pages(void);
