#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <link.h>
#include <malloc.h>
#include <signal.h>
#include <spawn.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

int clinux_epoll_create(void) { return epoll_create1(EPOLL_CLOEXEC); }

int clinux_epoll_add(int epoll, int descriptor, uint64_t token) {
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = token};
    return epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event);
}

int clinux_epoll_remove(int epoll, int descriptor) { return epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, NULL); }

int clinux_epoll_wait(int epoll, uint64_t *tokens, int capacity) {
    struct epoll_event events[64];
    int most = capacity < 64 ? capacity : 64;
    int count;
    do {
        count = epoll_wait(epoll, events, most, -1);
    } while (count < 0 && errno == EINTR);
    for (int i = 0; i < count; i++) {
        tokens[i] = events[i].data.u64;
    }
    return count;
}

int clinux_sync_file_system(int descriptor) { return syncfs(descriptor); }

int clinux_event_create(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

static int set_attributes(posix_spawnattr_t *attributes, bool new_session) {
    sigset_t all, none;
    sigfillset(&all);
    sigemptyset(&none);
    short flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK;
    if (new_session) {
        flags |= POSIX_SPAWN_SETSID;
    }
    int error = posix_spawnattr_setsigdefault(attributes, &all);
    if (error == 0) {
        error = posix_spawnattr_setsigmask(attributes, &none);
    }
    return error != 0 ? error : posix_spawnattr_setflags(attributes, flags);
}

static int set_descriptors(posix_spawn_file_actions_t *actions, int input, int output) {
    int error = posix_spawn_file_actions_adddup2(actions, input, STDIN_FILENO);
    if (error == 0 && output >= 0) {
        error = posix_spawn_file_actions_adddup2(actions, output, STDOUT_FILENO);
    }
    if (error == 0 && output >= 0) {
        error = posix_spawn_file_actions_adddup2(actions, output, STDERR_FILENO);
    }
    return error != 0 ? error : posix_spawn_file_actions_addclosefrom_np(actions, STDERR_FILENO + 1);
}

int clinux_spawn(pid_t *pid, const char *path, char *const arguments[], char *const environment[],
                 const struct clinux_spawn_options *options) {
    posix_spawnattr_t attributes;
    int error = posix_spawnattr_init(&attributes);
    if (error != 0) {
        return error;
    }
    posix_spawn_file_actions_t actions;
    error = posix_spawn_file_actions_init(&actions);
    if (error != 0) {
        posix_spawnattr_destroy(&attributes);
        return error;
    }
    error = set_attributes(&attributes, options->new_session);
    if (error == 0) {
        error = set_descriptors(&actions, options->input, options->output);
    }
    if (error == 0) {
        error = posix_spawn(pid, path, &actions, &attributes, arguments, environment);
    }
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return error;
}

bool clinux_return_freed_memory(int mapped_from, int heaps) {
    return mallopt(M_MMAP_THRESHOLD, mapped_from) == 1 && mallopt(M_ARENA_MAX, heaps) == 1;
}

/// Lets go of the pages of one program or library that are as in its file.
static int release_unwritten_pages(struct dl_phdr_info *info, size_t size, void *context) {
    (void)size;
    (void)context;
    const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
        if (segment->p_type != PT_LOAD || (segment->p_flags & PF_W) != 0) continue;
        const uintptr_t start = (info->dlpi_addr + segment->p_vaddr) & ~(page - 1);
        const uintptr_t end = (info->dlpi_addr + segment->p_vaddr + segment->p_memsz) & ~(page - 1);
        // Where the kernel refuses, they stay resident.
        if (end > start) (void)madvise((void *)start, end - start, MADV_DONTNEED);
    }
    return 0;
}

void clinux_release_program_pages(void) {
    const int saved = errno;
    (void)dl_iterate_phdr(release_unwritten_pages, NULL);
    errno = saved;
}
