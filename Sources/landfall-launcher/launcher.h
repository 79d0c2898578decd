// What the files of landfall-launcher share.
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "LauncherProtocol.h"

enum {
    // Paths of the host that may be shown to tasks; the list is the operator's, the bound guards the tables.
    PATHS_MAX = 64,
    // Root sandboxes open at once.
    RANGES_MAX = 256,
};

// A path of the host that tasks see at the same place.
struct shown_path {
    const char *path;
    bool layered;     // a root task writes over it in an overlay
    bool root_only;   // only root tasks see it
};

struct options {
    int socket;              // to the agent
    const char *directory;   // holds base/, scratch/ and mnt/
    uint32_t first_id;       // host id 0 of range 0
    struct shown_path paths[PATHS_MAX];
    size_t path_count;
};

// A user namespace with its 65,536 host ids, and a mount namespace in which the layers are shifted to those ids.
struct range {
    int user_namespace;
    int mount_namespace;
};

// A sandbox being made, as its first process sees it.
struct sandbox {
    struct launcher_open order;
    const char *passwd;
    const char *group;
    int command;
    int cgroup;
    int network;
    const int *cgroup_procs;
    struct range range;      // of a root sandbox, else -1
};

// errors.c
// Remembers `step` when `result` is negative. Returns 0 or -1; errno stays.
int attempt(long result, const char *step);
// What was last remembered.
const char *failed_step(void);
// Tells the agent about success (error 0) or failure.
int send_event(int socket, uint32_t kind, uint32_t sandbox, uint32_t run, int error, int status);

// files.c
// Creates a directory with exactly this mode and owner; fails if there is one.
int make_directory(const char *path, mode_t mode, uid_t uid, gid_t gid);
// Creates a file with this content, mode and owner; fails if there is one, or if its path leads through a link.
int make_file(const char *path, const char *text, size_t length, mode_t mode, uid_t uid, gid_t gid);
// Shows `from` at `to` as well.
int bind_path(const char *from, const char *to);

// root.c
// Enters a private mount namespace whose root holds only what sandboxes are made of.
int enter_launcher_root(const struct options *options);

// ranges.c
// The namespaces of range `index`, made at first use. Returns 0, or -1 with errno.
int range_prepare(const struct options *options, uint32_t index, struct range *range);

// view.c
// In the sandbox's first process: makes the file system of the sandbox and enters it.
int enter_sandbox_view(const struct options *options, const struct sandbox *sandbox);
// The text of /etc/hosts, or of /etc/hostname, in a sandbox whose host has this name. Returns its length.
size_t hosts_text(char *text, size_t size, const char *hostname);
size_t hostname_text(char *text, size_t size, const char *hostname);

// overlay.c
// Mounts a root task's disposable overlay of everything at /merged.
int mount_overlays(const struct options *options, const struct sandbox *sandbox);

// launch.c
// Starts the first process of a sandbox. Returns its pid or -1 with errno.
pid_t launch(const struct options *options, const struct sandbox *sandbox);

// init.c
// Serves the sandbox as its process 1 until the agent hangs up. Does not return.
_Noreturn void serve_sandbox(int events, int command, const struct sandbox *sandbox);

// renewal.c
// Remembers what the places look like that an account's task can write to, before there is any task.
int note_places(const struct sandbox *sandbox);
// Whether a sandbox without processes is as it was found: then it gets new IPC objects, and 0 is returned. Otherwise -1.
int renew(void);
// Gives the host another name, in its files too.
int rename_host(const char *hostname);

// process.c
struct process_order {
    struct launcher_run run;
    char *content;           // the environment's strings
    int output;
    int errors;
    char script[64];         // the script's path in the sandbox, or empty
    bool has_interpreter;    // its first line names one
};
// Becomes the process. Does not return.
_Noreturn void become_process(const struct process_order *order, const struct sandbox *sandbox);

// interpreter.c
// Becomes the interpreter that the first line of a file names. Returns why it does not: EACCES when there is none.
int interpret(char *path, char **environment);

// seccomp.c
// Refuses system calls that a task has no use for and that have been ways out of sandboxes. Needs no_new_privs.
int install_seccomp_filter(void);

// capabilities.c
// Leaves the calling process only what an unprivileged process has, or for root what root of a container has.
int limit_capabilities(bool is_root);
// The same for the bounding set alone, before ids change.
int limit_bounding_set(bool is_root);
