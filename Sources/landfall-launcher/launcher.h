// What the files of landfall-launcher share.
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "LauncherProtocol.h"

enum {
    // The descriptor of the socket to the agent, also in the first processes of sandboxes.
    EVENTS = 3,
    // Paths of the host that may be shown to tasks; the list is the operator's, the bound guards the tables.
    PATHS_MAX = 64,
    // Root sandboxes open at once.
    RANGES_MAX = 256,
    // Version 1 hierarchies that tasks are limited or counted by.
    HIERARCHIES_MAX = 4,
};

// A path of the host that tasks see at the same place.
struct shown_path {
    const char *path;
    bool layered;     // a root task writes over it in an overlay
    bool root_only;   // only root tasks see it
};

// The program that runs containers.
struct runtime {
    const char *path;
    bool is_runc;            // otherwise crun
    unsigned patience;       // how long a container may take until it runs, in seconds
};

// The controllers of each version 1 hierarchy, as mounts name them; none where cgroups are of version 2 alone.
struct hierarchies {
    char lists[HIERARCHIES_MAX][128];
    size_t count;
};

struct options {
    int socket;              // to the agent
    const char *directory;   // holds base/, scratch/ and mnt/
    const char *images;      // holds the layers of images; NULL: there are no containers
    struct runtime runtime;
    struct hierarchies hierarchies;
    uint32_t first_id;       // host id 0 of range 0
    struct shown_path paths[PATHS_MAX];
    size_t path_count;
};

// A user namespace with its 65,536 host ids, and a mount namespace in which the layers are shifted to those ids.
struct range {
    uid_t owner;             // the host's id of its root
    int user_namespace;
    int mount_namespace;
};

// A sandbox being made, as its first process sees it.
struct sandbox {
    struct launcher_open order;
    const char *passwd;
    const char *group;
    const char *places;      // of the volumes, for scripts
    const int *volumes;
    int command;
    int cgroup;
    int network;
    const int *cgroup_procs;
    struct runtime runtime;
    const struct hierarchies *hierarchies;
    struct range range;      // of a sandbox with a root or with containers, else -1
    int container_view;      // the mount namespace that containers start from, else -1
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
// Makes a directory of `parent` that is somebody's from its first moment. A task that can
// write to `parent` may put another one in its place at any time: to give that away afterwards would be to give away a
// stranger's.
int make_owned_directory(int parent, const char *name, uid_t uid, gid_t gid);
// Creates a file with this content, mode and owner; fails if there is one, or if its path leads through a link.
int make_file(const char *path, const char *text, size_t length, mode_t mode, uid_t uid, gid_t gid);
// Creates a file of root's with the content of another, from its offset to its end.
int copy_file(int from, const char *path, mode_t mode);
// Shows `from` at `to` as well.
int bind_path(const char *from, const char *to);

// root.c
// Enters a private mount namespace whose root holds only what sandboxes are made of.
int enter_launcher_root(const struct options *options);

// ranges.c
// The namespaces of a sandbox's range, made at first use. Returns 0, or -1 with errno.
int range_prepare(const struct options *options, const struct launcher_open *order, struct range *range);

// namespaces.c
// Enters the mount namespaces of the sandbox and makes its views: of scripts, of containers, or both; it stays in that of
// scripts, if there is one.
int enter_views(const struct options *options, struct sandbox *sandbox);

// view.c
// In the sandbox's first process: makes the file system of the sandbox and enters it.
int enter_sandbox_view(const struct options *options, const struct sandbox *sandbox);
// The text of /etc/hosts, or of /etc/hostname, in a sandbox whose host has this name. Returns its length.
size_t hosts_text(char *text, size_t size, const char *hostname);
size_t hostname_text(char *text, size_t size, const char *hostname);

// Leaves the launcher's root behind; what is not below `target` is out of reach for good.
int enter_root(const char *target);

// surroundings.c
// In a copy of the range's mount namespace: makes what the container runtime sees, and enters it.
int enter_surroundings(const struct sandbox *sandbox);

// volumes.c
// Attaches the sandbox's volumes below /volumes of this mount namespace.
int attach_volumes(const struct sandbox *sandbox);
// Shows the volumes of scripts in the view that is made at `target`.
int show_volumes(const struct sandbox *sandbox, const char *target);

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

// container.c
struct container_order {
    struct launcher_contain contain;
    char *content;
    int output;
    int errors;
    int network;             // or -1
    int control;             // to the container's first process
    int log;                 // where the runtime says why it fails
};
// Becomes the container runtime. Does not return.
_Noreturn void become_runtime(const struct container_order *order, const struct sandbox *sandbox);

// runtime.c
// Executes the container runtime for the bundle /run/container. Returns only when that fails, with errno.
void execute_runtime(const struct runtime *runtime);
// Shows the runtime the cgroups at /sys/fs/cgroup that it may know of.
int show_runtime_cgroups(const struct sandbox *sandbox);

// cgroups.c
// Finds the machine's version 1 hierarchies.
int find_hierarchies(struct hierarchies *hierarchies);
// Shows the cgroups of the calling process, and what is below, in the view that is made at `target`.
int show_cgroups(const struct hierarchies *hierarchies, const char *target);

// container_init.c
// Process 1 of a container, where it is a program of its own: `landfall-launcher container USER DIRECTORY PROGRAM …`.
int container_main(int count, char **arguments);

// account.c
// Who a container's process becomes.
struct identity {
    uid_t uid;
    gid_t gid;
    size_t group_count;
    gid_t groups[64];
    char home[LAUNCHER_PATH_SIZE];
};
// Looks up `name`, `uid`, `name:group` or the like in the container's own files; root when it cannot be found.
void look_up(const char *user, struct identity *identity);

// process.c
struct process_order {
    struct launcher_run run;
    char *content;           // the environment's strings
    int output;
    int errors;
    char script[64];         // the script's path in the sandbox, or empty
    bool has_interpreter;    // its first line names one
};
// Connects standard output and error; input stays.
int connect_streams(int output, int errors);
int limit_resources(unsigned open_files);
int restore_signals(void);
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
