// The processes that the first process of a sandbox has started for the agent, and the containers whose runtime it has
// started: these say themselves when they run.
#pragma once

#include <poll.h>
#include <stdint.h>
#include <sys/types.h>

#include "launcher.h"

enum { PROCESSES_MAX = 256 };

bool tracking_is_full(void);
void tracking_add(pid_t pid, uint32_t run);
// A container's runtime. The container's first process writes to the other end of `control` when it runs, within
// `patience` seconds; `log` is the file in which the runtime says why there is none.
void tracking_add_container(pid_t pid, uint32_t run, int control, int log, unsigned patience);
void tracking_signal(uint32_t run, int number);
// Stores what to wait for besides orders and ended children, at most PROCESSES_MAX. Returns how many.
size_t tracking_wait(struct pollfd *waiting);
// How long to wait for that, in milliseconds, until a container is late; -1: for ever.
int tracking_patience(void);
// Gives up the containers that are late, and tells the agent.
void tracking_give_up(int events, uint32_t sandbox);
// Tells the agent that a container runs, if it has said so on `control`.
void tracking_hear(int events, uint32_t sandbox, int control);
// Waits for processes, for all of them or with WNOHANG for those that have ended, and tells the agent.
void tracking_reap(int events, uint32_t sandbox, int options);
