#include <string.h>

#include "launcher.h"

static char step[LAUNCHER_STEP_SIZE];

int attempt(long result, const char *name) {
    if (result >= 0) return 0;
    strncpy(step, name, sizeof step - 1);
    return -1;
}

const char *failed_step(void) { return step; }

int send_event(int socket, uint32_t kind, uint32_t sandbox, uint32_t run, int error, int status) {
    struct launcher_event event = {
        .kind = kind, .sandbox = sandbox, .run = run, .error = error, .status = status};
    if (error != 0) memcpy(event.step, step, sizeof event.step);
    return launcher_send(socket, &event, sizeof event, NULL, 0);
}
