// The processes that the first process of a sandbox has started for the agent, and the containers whose runtime it has
// started: these say themselves when they run.
#pragma once

#include <poll.h>
#include <stdint.h>
#include <sys/types.h>

#include "launcher.h"

enum { PROCESSES_MAX = 256 };

bool tracking_is_full(void);
// `control` is -1, or the end of a socket that a container's first process writes to, when it runs; `log` then the file in
// which the runtime says why there is none.
void tracking_add(pid_t pid, uint32_t run, int control, int log);
void tracking_signal(uint32_t run, int number);
// Stores what to wait for besides orders and ended children, at most PROCESSES_MAX. Returns how many.
size_t tracking_wait(struct pollfd *waiting);
// Tells the agent that a container runs, if it has said so on `control`.
void tracking_hear(int events, uint32_t sandbox, int control);
// Waits for processes, for all of them or with WNOHANG for those that have ended, and tells the agent.
void tracking_reap(int events, uint32_t sandbox, int options);
