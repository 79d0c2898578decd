#define _GNU_SOURCE
#include <errno.h>
#include <linux/capability.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "unpack.h"

// To give files to their owners, and to write, set modes and link where the owner is another already.
static const uint64_t kept = 1 << CAP_CHOWN | 1 << CAP_DAC_OVERRIDE | 1 << CAP_FOWNER | 1 << CAP_FSETID;

void enter_directory(const char *path) {
    // The next process that is forked is the first of the process namespace.
    if (unshare(CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWPID) < 0) fail("make namespaces");
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0) fail("make mounts private");
    if (mount(path, path, NULL, MS_BIND, NULL) < 0) fail("mount the layer's directory");
    const unsigned long flags = MS_REMOUNT | MS_BIND | MS_NOSUID | MS_NODEV | MS_NOEXEC;
    if (mount(NULL, path, NULL, flags, NULL) < 0) fail("mount the layer's directory without devices");
    if (chdir(path) < 0) fail("enter the layer's directory");
    // The old root ends up above the new one, from where it is taken away.
    if (syscall(SYS_pivot_root, ".", ".") < 0) fail("change the root");
    if (umount2(".", MNT_DETACH) < 0) fail("let go of the old root");
    if (chdir("/") < 0) fail("enter the new root");
}

static void drop_bounding_set(void) {
    for (int capability = 0; capability < 64; capability++) {
        // Fails at the first number that the kernel does not know.
        if (prctl(PR_CAPBSET_READ, capability, 0, 0, 0) < 0) break;
        if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) < 0) fail("drop capabilities");
    }
}

void drop_privileges(void) {
    drop_bounding_set();
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[2];
    memset(data, 0, sizeof data);
    data[0].permitted = data[0].effective = (uint32_t)kept;
    if (syscall(SYS_capset, &header, data) < 0) fail("set capabilities");
    if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0) fail("clear ambient capabilities");
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) fail("rule out new privileges");
}
