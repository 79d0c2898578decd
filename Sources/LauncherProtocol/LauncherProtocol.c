#define _GNU_SOURCE
#include "LauncherProtocol.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

union control {
    char bytes[CMSG_SPACE(sizeof(int) * LAUNCHER_DESCRIPTOR_LIMIT)];
    struct cmsghdr alignment;
};

int launcher_send(int socket, const void *message, size_t length, const int *descriptors, size_t count) {
    if (count > LAUNCHER_DESCRIPTOR_LIMIT || length > LAUNCHER_MESSAGE_LIMIT) {
        errno = EMSGSIZE;
        return -1;
    }
    union control control = {0};
    struct iovec part = {.iov_base = (void *)(uintptr_t)message, .iov_len = length};
    struct msghdr header = {.msg_iov = &part, .msg_iovlen = 1};
    if (count > 0) {
        header.msg_control = control.bytes;
        header.msg_controllen = CMSG_SPACE(sizeof(int) * count);
        struct cmsghdr *rights = CMSG_FIRSTHDR(&header);
        rights->cmsg_level = SOL_SOCKET;
        rights->cmsg_type = SCM_RIGHTS;
        rights->cmsg_len = CMSG_LEN(sizeof(int) * count);
        memcpy(CMSG_DATA(rights), descriptors, sizeof(int) * count);
    }
    for (;;) {
        if (sendmsg(socket, &header, MSG_NOSIGNAL) >= 0) return 0;
        if (errno != EINTR) return -1;
    }
}

static size_t take_descriptors(struct msghdr *header, int *descriptors) {
    size_t count = 0;
    for (struct cmsghdr *part = CMSG_FIRSTHDR(header); part; part = CMSG_NXTHDR(header, part)) {
        if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
        size_t here = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (size_t i = 0; i < here; i++) {
            int descriptor;
            memcpy(&descriptor, CMSG_DATA(part) + i * sizeof(int), sizeof descriptor);
            if (count < LAUNCHER_DESCRIPTOR_LIMIT) {
                descriptors[count++] = descriptor;
            } else {
                close(descriptor);
            }
        }
    }
    return count;
}

ssize_t launcher_receive(int socket, void *message, size_t capacity, int *descriptors, size_t *count) {
    int received[LAUNCHER_DESCRIPTOR_LIMIT];
    union control control;
    struct iovec part = {.iov_base = message, .iov_len = capacity};
    struct msghdr header = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
    ssize_t length;
    do {
        length = recvmsg(socket, &header, MSG_CMSG_CLOEXEC);
    } while (length < 0 && errno == EINTR);
    *count = 0;
    if (length <= 0) return length;
    size_t taken = take_descriptors(&header, received);
    if ((header.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0) {
        for (size_t i = 0; i < taken; i++) close(received[i]);
        errno = EMSGSIZE;
        return -1;
    }
    memcpy(descriptors, received, taken * sizeof(int));
    *count = taken;
    return length;
}

int launcher_set_text(char *field, size_t size, const char *text) {
    size_t length = strlen(text);
    if (length >= size) return -1;
    memcpy(field, text, length + 1);
    return 0;
}
