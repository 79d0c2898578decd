// Messages between the agent, landfall-launcher and the first process of each sandbox.
//
// They travel over Unix SOCK_SEQPACKET sockets, one message per packet, descriptors beside it. The agent sends OPEN to
// the launcher, and RUN, CONTAIN, SIGNAL, CLEAN and RENAME to the first process of a sandbox over a socket of that
// sandbox's own; every answer is a `launcher_event` on the launcher's socket. Both ends come from the same build, so
// there is no version field.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum {
    // The most bytes and descriptors of one message.
    LAUNCHER_MESSAGE_LIMIT = 128 * 1024,
    LAUNCHER_DESCRIPTOR_LIMIT = 64,
    // Volumes of one sandbox.
    LAUNCHER_VOLUME_LIMIT = 40,
    // Characters with the final NUL.
    LAUNCHER_ID_SIZE = 104,
    LAUNCHER_NAME_SIZE = 68,
    LAUNCHER_PATH_SIZE = 4096,
    LAUNCHER_STEP_SIZE = 160,
    // An `error` beyond all errno values: `step` says all there is to say.
    LAUNCHER_REFUSED = 0x10000,
    // Host ids that one root sandbox owns.
    LAUNCHER_RANGE_SIZE = 65536,
};

// The value of HOME in a container that says: the home directory of the image's user, who is looked up in the container.
#define LAUNCHER_HOME_OF_USER "?"

enum launcher_kind {
    LAUNCHER_READY = 1,  // event: the launcher's root is built, or `error` says why not
    LAUNCHER_OPEN,       // agent to launcher
    LAUNCHER_OPENED,     // event: the sandbox is ready, or `error`
    LAUNCHER_CLOSED,     // event: the first process of the sandbox and all others are gone
    LAUNCHER_RUN,        // agent to the sandbox's first process
    LAUNCHER_STARTED,    // event: `run` has a process, or `error`
    LAUNCHER_ENDED,      // event: the process of `run` ended with wait status `status`
    LAUNCHER_SIGNAL,     // agent to the sandbox's first process
    LAUNCHER_CLEAN,      // agent to the sandbox's first process: kill everything, and look what is left of it
    LAUNCHER_CLEANED,    // event: nothing but the first process is left; `error` is 0 if the sandbox may serve again
    LAUNCHER_RENAME,     // agent to the first process of a sandbox that serves again
    LAUNCHER_CONTAIN,    // agent to the sandbox's first process; answered like RUN
};

// An answer. `error` is an errno value or 0; `step` says what failed.
struct launcher_event {
    uint32_t kind;
    uint32_t sandbox;
    uint32_t run;
    int32_t error;
    int32_t status;
    char step[LAUNCHER_STEP_SIZE];
};

// Makes a sandbox. Descriptors: its command socket, its cgroup2 directory, its network namespace, then
// `cgroup_count` files `cgroup.procs` of cgroup v1 hierarchies, then `volume_count` mounts that are attached nowhere.
// The texts of passwd and group follow the structure, and for each volume where scripts see it, ended by a NUL: an
// absolute path, or nothing.
struct launcher_open {
    uint32_t kind;
    uint32_t sandbox;
    uint32_t is_root;
    uint32_t has_scripts;
    uint32_t has_containers;
    uint32_t uid;       // as the host sees it; for a root sandbox the first id of its range
    uint32_t gid;
    uint32_t range;     // of a sandbox with a root or with containers: its index among this agent's
    uint32_t cgroup_count;
    uint32_t volume_count;
    uint32_t passwd_length;
    uint32_t group_length;
    uint32_t places_length;
    char id[LAUNCHER_ID_SIZE];
    char hostname[LAUNCHER_NAME_SIZE];
    char name[LAUNCHER_NAME_SIZE];  // the account's; its home is /home/NAME
};

// Starts a process. Descriptors: standard output, standard error, and a file with the environment (NUL-ended strings,
// `environment_length` bytes) followed by the script's text, if `path` is empty.
struct launcher_run {
    uint32_t kind;
    uint32_t run;
    uint64_t environment_length;
    uint64_t script_length;
    char path[LAUNCHER_PATH_SIZE];
};

// Starts a container. Descriptors: standard output, standard error, a file with the parts below one after the other,
// and if `has_network` the network namespace that takes the place of the sandbox's.
struct launcher_contain {
    uint32_t kind;
    uint32_t run;
    uint32_t is_on_disk;            // what the container writes to its root stays there, else in memory
    uint32_t has_network;
    uint64_t configuration_length;  // the OCI runtime's config.json, for the bundle /run/container
    uint64_t layers_length;         // of the image, lowest first, below the images' directory; each ended by a NUL
    uint64_t mounts_length;         // for each: the volume's number, a path in it or nothing; each ended by a NUL
    char hostname[LAUNCHER_NAME_SIZE];
};

struct launcher_signal {
    uint32_t kind;
    uint32_t run;
    int32_t number;
};

struct launcher_clean {
    uint32_t kind;
};

// The name that the host has from now on. A sandbox that cannot be renamed ends.
struct launcher_rename {
    uint32_t kind;
    char hostname[LAUNCHER_NAME_SIZE];
};

// Sends one message with its descriptors. Returns 0, or -1 with errno.
int launcher_send(int socket, const void *message, size_t length, const int *descriptors, size_t count);

// Receives one message; its descriptors are close-on-exec and the caller's. Returns its length, 0 at the end of the
// stream, or -1 with errno (EMSGSIZE for a message that does not fit; its descriptors are closed).
ssize_t launcher_receive(int socket, void *message, size_t capacity, int *descriptors, size_t *count);

// Copies a text that ends in NUL into a field. Returns 0, or -1 if it does not fit.
int launcher_set_text(char *field, size_t size, const char *text);
