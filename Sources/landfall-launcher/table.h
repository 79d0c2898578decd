// Which first process belongs to which sandbox.
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

// Whether as many sandboxes are open as the launcher takes.
bool table_is_full(void);
void table_add(pid_t pid, uint32_t sandbox);
// Finds and forgets a process. Returns false for one that is no sandbox's.
bool table_remove(pid_t pid, uint32_t *sandbox);
