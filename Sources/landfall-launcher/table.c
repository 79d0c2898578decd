#include "table.h"

#include <stddef.h>

enum { SANDBOXES_MAX = 4096 };

static struct {
    pid_t pid;
    uint32_t sandbox;
} entries[SANDBOXES_MAX];
static size_t used;

bool table_is_full(void) { return used == SANDBOXES_MAX; }

void table_add(pid_t pid, uint32_t sandbox) {
    entries[used].pid = pid;
    entries[used].sandbox = sandbox;
    used++;
}

bool table_remove(pid_t pid, uint32_t *sandbox) {
    for (size_t i = 0; i < used; i++) {
        if (entries[i].pid != pid) continue;
        *sandbox = entries[i].sandbox;
        entries[i] = entries[--used];
        return true;
    }
    return false;
}
