#define _GNU_SOURCE
#include "netlink.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct nlmsghdr *header_of(struct netlink_request *request) { return (struct nlmsghdr *)request->bytes; }

void netlink_add_bytes(struct netlink_request *request, const void *bytes, size_t length) {
    struct nlmsghdr *header = header_of(request);
    memcpy(request->bytes + header->nlmsg_len, bytes, length);
    header->nlmsg_len += (uint32_t)NLMSG_ALIGN(length);
}

void netlink_start(struct netlink_request *request, uint16_t type, uint16_t flags, const void *body, size_t length) {
    memset(request, 0, sizeof *request);
    struct nlmsghdr *header = header_of(request);
    header->nlmsg_len = NLMSG_HDRLEN;
    header->nlmsg_type = type;
    header->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
    header->nlmsg_seq = 1;
    netlink_add_bytes(request, body, length);
}

void netlink_add(struct netlink_request *request, uint16_t type, const void *value, size_t length) {
    struct rtattr attribute = {.rta_len = (unsigned short)RTA_LENGTH(length), .rta_type = type};
    netlink_add_bytes(request, &attribute, sizeof attribute);
    netlink_add_bytes(request, value, length);
}

size_t netlink_begin_nest(struct netlink_request *request, uint16_t type) {
    size_t start = header_of(request)->nlmsg_len;
    netlink_add(request, type, NULL, 0);
    return start;
}

void netlink_end_nest(struct netlink_request *request, size_t start) {
    struct rtattr *attribute = (struct rtattr *)(request->bytes + start);
    attribute->rta_len = (unsigned short)(header_of(request)->nlmsg_len - start);
}

int netlink_open(int protocol) {
    int descriptor = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
    return descriptor < 0 ? -errno : descriptor;
}

static ssize_t receive(int socket, void *answer, size_t capacity) {
    ssize_t length;
    do length = recv(socket, answer, capacity, 0);
    while (length < 0 && errno == EINTR);
    return length < 0 ? -errno : length;
}

int netlink_index(int socket, const char *name) {
    struct ifinfomsg link = {0};
    struct netlink_request request;
    netlink_start(&request, RTM_GETLINK, 0, &link, sizeof link);
    netlink_add(&request, IFLA_IFNAME, name, strlen(name) + 1);
    struct nlmsghdr *header = header_of(&request);
    // The description of the interface is the answer; one more that says "done" would be in the way.
    header->nlmsg_flags = NLM_F_REQUEST;
    if (send(socket, request.bytes, header->nlmsg_len, 0) < 0) return -errno;
    _Alignas(struct nlmsghdr) char answer[16384];
    ssize_t length = receive(socket, answer, sizeof answer);
    if (length < 0) return (int)length;
    header = (struct nlmsghdr *)answer;
    if (length >= (ssize_t)NLMSG_LENGTH(sizeof(struct nlmsgerr)) && header->nlmsg_type == NLMSG_ERROR)
        return ((struct nlmsgerr *)NLMSG_DATA(header))->error;
    if (length < (ssize_t)NLMSG_LENGTH(sizeof link) || header->nlmsg_type != RTM_NEWLINK) return -EPROTO;
    return ((struct ifinfomsg *)NLMSG_DATA(header))->ifi_index;
}

int netlink_ask(int socket, struct netlink_request *request) {
    if (send(socket, request->bytes, header_of(request)->nlmsg_len, 0) < 0) return -errno;
    _Alignas(struct nlmsghdr) char answer[4096];
    ssize_t length = receive(socket, answer, sizeof answer);
    if (length < 0) return (int)length;
    struct nlmsghdr *header = (struct nlmsghdr *)answer;
    if (length < (ssize_t)NLMSG_LENGTH(sizeof(struct nlmsgerr)) || header->nlmsg_type != NLMSG_ERROR) return -EPROTO;
    return ((struct nlmsgerr *)NLMSG_DATA(header))->error;
}
