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
// The same, and leaves it to be waited for once more.
void sandbox_await_end(pid_t pid);

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

// Whether the namespace has no TCP connection, not even one that has ended and lingers, besides so many IPv4 listeners:
// 1 or 0, or a negative errno value. `statistics` is what `sandbox_network_create` stored.
int sandbox_network_is_quiet(const int statistics[2], long listeners);

// Gives the namespace a veth pair: `name` on this side with address `host`, `eth0` in there with address `inside`
// (both in host byte order, a /31), and the default route. `netlink` is what `sandbox_network_create` stored.
int sandbox_network_connect(int namespace, int netlink, const char *name, uint32_t host, uint32_t inside);

// Another namespace behind one, from which nothing but the one's own addresses can be reached, 169.254.169.254 among
// them. `outer` is the one's netlink socket. It may have one such.
int sandbox_network_create_inner(int outer);

// Takes the way to the inner namespace away. No error if there is none.
int sandbox_network_remove_inner(int outer);

// Removes a network interface of this namespace; the other end of a veth pair goes too. No error if there is none.
int sandbox_network_disconnect(const char *name);

// TCP listeners, non-blocking, on an address and so many ports (host byte order) in a network namespace.
int sandbox_network_listen(int namespace, uint32_t address, const uint16_t *ports, size_t count, int *listeners);

// A TCP socket for IPv4, non-blocking, in a network namespace.
int sandbox_network_socket(int namespace);

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

// A new tmpfs of at most so many bytes, 0 for as many as its writers may have, mounted nowhere. Directories and files can
// be made in it by the descriptor.
int sandbox_volume_memory(uint64_t bytes, uid_t uid, gid_t gid, mode_t mode);

// A copy of a directory's mount with all that is mounted below, attached nowhere. No part of the path may be a link.
int sandbox_volume_directory(int parent, const char *path);

// A file of a volume, opened to be appended to; it and the directories that lead to it are made where they are missing, and
// belong to these ids. No part of the path may be a link, and a file that is there must be a plain one of the same owner
// under no other name: whoever can write to the volume must not lead us elsewhere.
int sandbox_volume_file(int volume, const char *path, uid_t uid, gid_t gid);

// Makes a volume read-only, before anybody sees it.
int sandbox_volume_protect(int volume);

// Waits until a cgroup2 directory's `cgroup.events` says that no process is in it.
int sandbox_wait_unpopulated(int directory, int milliseconds);

// Whether this kernel can shift the owners of files in this directory, and mount an overlay over that; tried in a child
// process, on two new subdirectories of the directory that are removed again.
int sandbox_probe_shifted_overlay(const char *directory);

// Whether a child process could make a user namespace.
int sandbox_probe_user_namespace(void);

// Whether the kernel takes system call filters.
int sandbox_probe_seccomp(void);
