// Mounts by the newer system calls.
#pragma once

#include <fcntl.h>
#include <sys/mount.h>

#ifndef AT_RECURSIVE
#define AT_RECURSIVE 0x8000
#endif

// Attaches a copy of what is at `from` to `to`, with these attributes; with AT_RECURSIVE also what is mounted below.
// Later mounts on either do not pass to the other.
int copy_mount(const char *from, const char *to, unsigned flags, const struct mount_attr *attributes);
