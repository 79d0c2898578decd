#define _GNU_SOURCE
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "unpack.h"

#if defined(__x86_64__)
#define NATIVE_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define NATIVE_ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "landfall-unpack runs on x86-64 and arm64"
#endif

// Descriptors, files by descriptor, and the C library's own business.
static const unsigned allowed[] = {
    SYS_read, SYS_write, SYS_pwrite64, SYS_lseek, SYS_close, SYS_fstat, SYS_newfstatat, SYS_statx, SYS_openat,
    SYS_openat2, SYS_mkdirat, SYS_mknodat, SYS_symlinkat, SYS_linkat, SYS_unlinkat, SYS_fchown, SYS_fchownat,
    SYS_fchmod, SYS_fchmodat, SYS_utimensat, SYS_fsetxattr, SYS_ftruncate, SYS_getdents64, SYS_fcntl, SYS_brk,
    SYS_munmap, SYS_mremap, SYS_madvise, SYS_futex, SYS_getrandom, SYS_rt_sigreturn, SYS_exit_group, SYS_exit,
    SYS_clock_gettime, SYS_gettimeofday, SYS_getpid, SYS_restart_syscall, SYS_umask,
};

enum { ALLOWED_COUNT = sizeof allowed / sizeof *allowed, PROGRAM_MAX = ALLOWED_COUNT + 16 };

#define LOAD(field) (struct sock_filter) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define RETURN(value) (struct sock_filter) BPF_STMT(BPF_RET | BPF_K, (value))
#define IF(value, yes, no) (struct sock_filter) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), (yes), (no))
#define IF_SET(bits, yes, no) (struct sock_filter) BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, (bits), (yes), (no))

static unsigned short write_program(struct sock_filter *program) {
    unsigned short length = 0;
    program[length++] = LOAD(arch);
    program[length++] = IF(NATIVE_ARCHITECTURE, 1, 0);
    program[length++] = RETURN(SECCOMP_RET_KILL_PROCESS);
    program[length++] = LOAD(nr);
    for (size_t i = 0; i < ALLOWED_COUNT; i++) {
        // From the end back: the jump leads to the last instruction.
        unsigned char to_allow = (unsigned char)(ALLOWED_COUNT - 1 - i + 6);
        program[length++] = IF(allowed[i], to_allow, 0);
    }
    // Memory may be mapped and protected, but never so that it can be run.
    program[length++] = IF(SYS_mmap, 2, 0);
    program[length++] = IF(SYS_mprotect, 1, 0);
    program[length++] = RETURN(SECCOMP_RET_ERRNO | EPERM);
    program[length++] = LOAD(args[2]);
    program[length++] = IF_SET(PROT_EXEC, 0, 1);
    program[length++] = RETURN(SECCOMP_RET_ERRNO | EPERM);
    program[length++] = RETURN(SECCOMP_RET_ALLOW);
    return length;
}

void filter_system_calls(void) {
    struct sock_filter program[PROGRAM_MAX];
    struct sock_fprog filter = {.len = write_program(program), .filter = program};
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0) < 0) fail("install the system call filter");
}
