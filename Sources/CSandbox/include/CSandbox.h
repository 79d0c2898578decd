// What the Swift side of the sandbox needs in C: calls that must not run in a Swift thread, netlink, and file trees.
// Functions return 0 or a descriptor, or a negative errno value.
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

// Starts a program with `socket` as its descriptor 3, /dev/null as its input and output, this process's standard
// error, nothing else, and default signals.
int sandbox_spawn(const char *path, char *const *arguments, int socket, pid_t *pid);

// Waits for a child process to end, whatever its status.
int sandbox_wait(pid_t pid);

// Runs a program to its end with `input` on its standard input, /dev/null as its output, and returns its exit status,
// or 128 + n for signal n. What it says on standard error goes to `message`, cut to `capacity` with the final NUL.
int sandbox_run(const char *path, char *const *arguments, const char *input, char *message, size_t capacity);

// A pipe, reading end first; reading does not block, writing does.
int sandbox_pipe(int *pair);

// A file in memory with this content, positioned at its start.
int sandbox_memory_file(const void *bytes, size_t length);

// A network namespace: loopback up, with 169.254.169.254 on it, and nothing else. Ports below 1024 are anyone's there.
// Stores a netlink socket of the namespace, and two files with its counts of sockets, of which the second is -1 on a
// host without IPv6.
int sandbox_network_create(int *netlink, int statistics[2]);

// Whether the namespace has no TCP connection, not even one that has ended and lingers: 1 or 0, or a negative errno
// value. `statistics` is what `sandbox_network_create` stored.
int sandbox_network_is_quiet(const int statistics[2]);

// Gives the namespace a veth pair: `name` on this side with address `host`, `eth0` in there with address `inside`
// (both in host byte order, a /31), and the default route. `netlink` is what `sandbox_network_create` stored.
int sandbox_network_connect(int namespace, int netlink, const char *name, uint32_t host, uint32_t inside);

// Removes a network interface of this namespace; the other end of a veth pair goes too. No error if there is none.
int sandbox_network_disconnect(const char *name);

// A TCP listener, non-blocking, on this address and port (host byte order) in a network namespace.
int sandbox_network_listen(int namespace, uint32_t address, uint16_t port);

// Whether an interface of this namespace has an IPv4 address in the network (host byte order).
bool sandbox_network_in_use(uint32_t network, uint32_t mask);

// Removes what `name` in the directory is, with everything below; follows no link, and no depth exhausts it. What cannot
// be removed keeps nothing else from it.
int sandbox_remove_tree(int directory, const char *name);

// What of a disk is taken.
struct sandbox_use {
    uint64_t bytes;   // in blocks that are really allocated
    uint64_t files;   // directories and links too
    bool is_partial;  // there is more than could be counted
};

// Measures what `name` in the directory takes of its disk, with everything below, and with what the threads have open or
// mapped that has no name any more. Follows no link, and opens directories only.
int sandbox_measure(int directory, const char *name, const pid_t *threads, size_t count, struct sandbox_use *use);

// Copies a file, link or directory, of which everyone may read it all: what is not world-readable is left out, as are
// devices, sockets, and files over 16 MiB. `name` must not exist in the directory.
int sandbox_copy_public(const char *from, int directory, const char *name);

// Waits until a cgroup2 directory's `cgroup.events` says that no process is in it.
int sandbox_wait_unpopulated(int directory, int milliseconds);

// Whether this kernel can shift the owners of files in this directory, and mount an overlay over that; tried in a child
// process, on two new subdirectories of the directory that are removed again.
int sandbox_probe_shifted_overlay(const char *directory);

// Whether a child process could make a user namespace.
int sandbox_probe_user_namespace(void);

// Whether the kernel takes system call filters.
int sandbox_probe_seccomp(void);
