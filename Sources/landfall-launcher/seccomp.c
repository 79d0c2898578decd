#define _GNU_SOURCE
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <sys/prctl.h>
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

enum { REFUSED_COUNT = sizeof refused / sizeof *refused, PROGRAM_MAX = 2 * REFUSED_COUNT + 32 };

static void add(struct sock_filter *program, unsigned short *length, struct sock_filter instruction) {
    program[(*length)++] = instruction;
}

#define LOAD(field) (struct sock_filter) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define RETURN(value) (struct sock_filter) BPF_STMT(BPF_RET | BPF_K, (value))
// Skips `count` instructions unless the loaded value is `value`.
#define UNLESS(value, count) (struct sock_filter) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), 0, (count))
#define UNLESS_SET(bits, count) (struct sock_filter) BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, (bits), 0, (count))

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
    for (size_t i = 0; i < REFUSED_COUNT; i++) {
        add(program, &length, UNLESS(refused[i], 1));
        add(program, &length, RETURN(refuse));
    }
    // clone3's flags lie in memory, where a filter cannot look: ENOSYS makes libraries fall back to clone.
    add(program, &length, UNLESS(SYS_clone3, 1));
    add(program, &length, RETURN(SECCOMP_RET_ERRNO | ENOSYS));
    // A user namespace of its own would give a task capabilities again, and with them much of the kernel.
    static const unsigned makers[] = {SYS_clone, SYS_unshare};
    for (size_t i = 0; i < sizeof makers / sizeof *makers; i++) {
        add(program, &length, UNLESS(makers[i], 3));
        add(program, &length, LOAD(args[0]));
        add(program, &length, UNLESS_SET(CLONE_NEWUSER, 1));
        add(program, &length, RETURN(refuse));
        add(program, &length, LOAD(nr));
    }
    add(program, &length, RETURN(SECCOMP_RET_ALLOW));
    return length;
}

int install_seccomp_filter(void) {
    struct sock_filter program[PROGRAM_MAX];
    struct sock_fprog filter = {.len = write_program(program), .filter = program};
    return attempt(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0), "install the system call filter");
}
