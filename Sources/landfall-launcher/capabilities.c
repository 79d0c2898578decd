#define _GNU_SOURCE
#include <linux/capability.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "launcher.h"

// What root of a container commonly has; here over its own user namespace only.
static const int kept[] = {CAP_CHOWN,     CAP_DAC_OVERRIDE, CAP_FOWNER,           CAP_FSETID,     CAP_KILL,
                           CAP_SETGID,    CAP_SETUID,       CAP_SETPCAP,          CAP_SYS_CHROOT, CAP_MKNOD,
                           CAP_SETFCAP,   CAP_SYS_PTRACE,   CAP_NET_BIND_SERVICE, CAP_NET_RAW,    CAP_AUDIT_WRITE,
                           CAP_SYS_NICE,  CAP_DAC_READ_SEARCH};

static uint64_t kept_set(bool is_root) {
    uint64_t set = 0;
    for (size_t i = 0; is_root && i < sizeof kept / sizeof *kept; i++) set |= (uint64_t)1 << kept[i];
    return set;
}

int limit_bounding_set(bool is_root) {
    uint64_t set = kept_set(is_root);
    for (int capability = 0; capability < 64; capability++) {
        // Fails at the first number that the kernel does not know.
        if (prctl(PR_CAPBSET_READ, capability, 0, 0, 0) < 0) break;
        if ((set >> capability & 1) != 0) continue;
        if (attempt(prctl(PR_CAPBSET_DROP, capability, 0, 0, 0), "drop capabilities") < 0) return -1;
    }
    return 0;
}

int limit_capabilities(bool is_root) {
    uint64_t set = kept_set(is_root);
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[2];
    memset(data, 0, sizeof data);
    for (int i = 0; i < 2; i++) data[i].permitted = data[i].effective = (uint32_t)(set >> (32 * i));
    if (attempt(syscall(SYS_capset, &header, data), "set capabilities") < 0) return -1;
    return attempt(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0), "clear ambient capabilities");
}
