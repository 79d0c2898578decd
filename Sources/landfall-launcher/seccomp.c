#define _GNU_SOURCE
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "launcher.h"

#if defined(__x86_64__)
#define NATIVE_ARCHITECTURE AUDIT_ARCH_X86_64
#define X32_BIT 0x40000000U
#elif defined(__aarch64__)
#define NATIVE_ARCHITECTURE AUDIT_ARCH_AARCH64
#define X32_BIT 0xffffffffU
#else
#error "landfall-launcher runs on x86-64 and arm64"
#endif

// Refused with EPERM: mounting, other namespaces, the kernel's modules and tracing, keys, the clock, the whole machine.
static const unsigned refused[] = {
    SYS_mount,           SYS_umount2,         SYS_pivot_root,      SYS_open_tree,       SYS_move_mount,
    SYS_fsopen,          SYS_fsconfig,        SYS_fsmount,         SYS_fspick,          SYS_mount_setattr,
    SYS_setns,           SYS_init_module,     SYS_finit_module,    SYS_delete_module,   SYS_kexec_load,
    SYS_reboot,          SYS_swapon,          SYS_swapoff,         SYS_bpf,             SYS_perf_event_open,
    SYS_userfaultfd,     SYS_keyctl,          SYS_add_key,         SYS_request_key,     SYS_open_by_handle_at,
    SYS_acct,            SYS_quotactl,        SYS_settimeofday,    SYS_clock_settime,   SYS_clock_adjtime,
    SYS_adjtimex,        SYS_syslog,          SYS_lookup_dcookie,  SYS_vhangup,         SYS_io_uring_setup,
    SYS_io_uring_enter,  SYS_io_uring_register, SYS_kexec_file_load, SYS_fanotify_init, SYS_name_to_handle_at,
#if defined(__x86_64__)
    SYS_iopl,            SYS_ioperm,          SYS_uselib,          SYS_modify_ldt,      SYS_quotactl_fd,
#endif
};

// Sockets that a network namespace keeps apart. Others, such as those to the host of a virtual machine, lead out of it,
// or into parts of the kernel that few look after.
static const unsigned families[] = {AF_UNIX, AF_INET, AF_INET6, AF_NETLINK};

enum {
    REFUSED_COUNT = sizeof refused / sizeof *refused,
    FAMILY_COUNT = sizeof families / sizeof *families,
    // Numbers from here on (open_tree_attr) were not known when the list was made; they are the same everywhere.
    FIRST_UNKNOWN = 467,
    PROGRAM_MAX = 2 * REFUSED_COUNT + 80,
};

static void add(struct sock_filter *program, unsigned short *length, struct sock_filter instruction) {
    program[(*length)++] = instruction;
}

#define LOAD(field) (struct sock_filter) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define LOAD_HIGH(field) \
    (struct sock_filter) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field) + 4)
#define RETURN(value) (struct sock_filter) BPF_STMT(BPF_RET | BPF_K, (value))
// Skip `count` instructions unless the loaded value is `value`, or if it is.
#define UNLESS(value, count) (struct sock_filter) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), 0, (count))
#define IF(value, count) (struct sock_filter) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), (count), 0)
#define UNLESS_SET(bits, count) (struct sock_filter) BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, (bits), 0, (count))

// A user namespace of its own would give a task capabilities again, and with them much of the kernel.
static void refuse_user_namespaces(struct sock_filter *program, unsigned short *length) {
    static const unsigned makers[] = {SYS_clone, SYS_unshare};
    for (size_t i = 0; i < sizeof makers / sizeof *makers; i++) {
        add(program, length, UNLESS(makers[i], 3));
        add(program, length, LOAD(args[0]));
        add(program, length, UNLESS_SET(CLONE_NEWUSER, 1));
        add(program, length, RETURN(SECCOMP_RET_ERRNO | EPERM));
        add(program, length, LOAD(nr));
    }
    // clone3's flags lie in memory, where a filter cannot look: ENOSYS makes libraries fall back to clone.
    add(program, length, UNLESS(SYS_clone3, 1));
    add(program, length, RETURN(SECCOMP_RET_ERRNO | ENOSYS));
}

static void refuse_families(struct sock_filter *program, unsigned short *length) {
    static const unsigned makers[] = {SYS_socket, SYS_socketpair};
    for (size_t i = 0; i < sizeof makers / sizeof *makers; i++) {
        add(program, length, UNLESS(makers[i], 2 * FAMILY_COUNT + 2));
        add(program, length, LOAD(args[0]));
        for (size_t family = 0; family < FAMILY_COUNT; family++) {
            add(program, length, UNLESS(families[family], 1));
            add(program, length, RETURN(SECCOMP_RET_ALLOW));
        }
        add(program, length, RETURN(SECCOMP_RET_ERRNO | EAFNOSUPPORT));
    }
}

// The limit of core files stays: it keeps the host's crash handler, which is root, away from a task's processes. Setting
// it does nothing, but is no error, as scripts that turn core files off are common.
static void keep_core_limit(struct sock_filter *program, unsigned short *length) {
    add(program, length, UNLESS(SYS_setrlimit, 4));
    add(program, length, LOAD(args[0]));
    add(program, length, UNLESS(RLIMIT_CORE, 1));
    add(program, length, RETURN(SECCOMP_RET_ERRNO));
    add(program, length, RETURN(SECCOMP_RET_ALLOW));
    add(program, length, UNLESS(SYS_prlimit64, 8));
    add(program, length, LOAD(args[1]));
    add(program, length, UNLESS(RLIMIT_CORE, 5));
    // The new limit's address is null where somebody only asks.
    add(program, length, LOAD(args[2]));
    add(program, length, UNLESS(0, 2));
    add(program, length, LOAD_HIGH(args[2]));
    add(program, length, IF(0, 1));
    add(program, length, RETURN(SECCOMP_RET_ERRNO));
    add(program, length, RETURN(SECCOMP_RET_ALLOW));
}

static unsigned short write_program(struct sock_filter *program) {
    unsigned short length = 0;
    const unsigned refuse = SECCOMP_RET_ERRNO | EPERM;
    add(program, &length, LOAD(arch));
    add(program, &length, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, NATIVE_ARCHITECTURE, 1, 0));
    add(program, &length, RETURN(SECCOMP_RET_KILL_PROCESS));
    add(program, &length, LOAD(nr));
    // Every number at or above the x32 bit is the other table's.
    add(program, &length, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, X32_BIT, 0, 1));
    add(program, &length, RETURN(SECCOMP_RET_KILL_PROCESS));
    add(program, &length, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, FIRST_UNKNOWN, 0, 1));
    add(program, &length, RETURN(SECCOMP_RET_ERRNO | ENOSYS));
    for (size_t i = 0; i < REFUSED_COUNT; i++) {
        add(program, &length, UNLESS(refused[i], 1));
        add(program, &length, RETURN(refuse));
    }
    refuse_user_namespaces(program, &length);
    refuse_families(program, &length);
    keep_core_limit(program, &length);
    add(program, &length, RETURN(SECCOMP_RET_ALLOW));
    return length;
}

int install_seccomp_filter(void) {
    struct sock_filter program[PROGRAM_MAX];
    struct sock_fprog filter = {.len = write_program(program), .filter = program};
    return attempt(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0), "install the system call filter");
}
