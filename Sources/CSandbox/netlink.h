// Requests of rtnetlink, built into a buffer of fixed size.
#pragma once

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdint.h>
#include <sys/types.h>

struct netlink_request {
    _Alignas(struct nlmsghdr) char bytes[512];
};

// Starts a request whose body after the header is `body`.
void netlink_start(struct netlink_request *request, uint16_t type, uint16_t flags, const void *body, size_t length);
// Adds an attribute.
void netlink_add(struct netlink_request *request, uint16_t type, const void *value, size_t length);
// Starts an attribute that holds others; returns what `netlink_end_nest` takes.
size_t netlink_begin_nest(struct netlink_request *request, uint16_t type);
void netlink_end_nest(struct netlink_request *request, size_t start);
// Adds plain bytes, such as the header of a nested message.
void netlink_add_bytes(struct netlink_request *request, const void *bytes, size_t length);
// Sends the request and waits for the kernel's answer: 0 or a negative errno value.
int netlink_ask(int socket, struct netlink_request *request);
// The index of the interface of this name, or a negative errno value.
int netlink_index(int socket, const char *name);
// A socket for requests of this protocol to the network namespace of the calling thread, or a negative errno value.
int netlink_open(int protocol);
