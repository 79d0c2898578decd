// Network namespaces of tasks. A thread that ends at once enters a namespace where that is needed, so that no thread of
// the agent ever changes its own.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "CSandbox.h"
#include "link.h"
#include "netlink.h"

enum { LOOPBACK = 1, METADATA_ADDRESS = (int)0xa9fea9fe };

static int write_setting(const char *path, const char *value) {
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0) return errno == ENOENT ? 0 : -errno;
    int result = write(file, value, strlen(value)) < 0 ? -errno : 0;
    close(file);
    return result;
}

struct task {
    int result;
    int netlink;
    int statistics[2];
    int namespace;
    uint32_t address;
    const uint16_t *ports;
    size_t port_count;
    int *listeners;
    bool is_inner;  // the metadata address is another namespace's
};

// The namespace's counters of sockets, which stay those of the namespace wherever they are read.
static int open_statistics(int statistics[2]) {
    statistics[0] = open("/proc/thread-self/net/sockstat", O_RDONLY | O_CLOEXEC);
    if (statistics[0] < 0) return -errno;
    // Without IPv6 there is none.
    statistics[1] = open("/proc/thread-self/net/sockstat6", O_RDONLY | O_CLOEXEC);
    return statistics[1] < 0 && errno != ENOENT ? -errno : 0;
}

static int make_namespace(struct task *task) {
    if (unshare(CLONE_NEWNET) < 0) return -errno;
    int error = write_setting("/proc/sys/net/ipv4/ip_unprivileged_port_start", "0");
    if (error == 0) error = write_setting("/proc/sys/net/ipv4/ping_group_range", "0 2147483647");
    // Tasks have IPv4 outwards; a link-local IPv6 address would be a way around the address plan.
    // Nobody goes out by way of a task.
    if (error == 0) error = write_setting("/proc/sys/net/ipv4/ip_forward", "0");
    if (error == 0) error = write_setting("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1");
    if (error < 0) return error;
    task->netlink = netlink_open(NETLINK_ROUTE);
    if (task->netlink < 0) return task->netlink;
    error = link_set_up(task->netlink, LOOPBACK);
    if (error == 0 && !task->is_inner)
        error = link_add_address(task->netlink, LOOPBACK, (uint32_t)METADATA_ADDRESS, 32, true);
    if (error == 0) error = open_statistics(task->statistics);
    int namespace = error < 0 ? error : open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
    if (namespace == -1) namespace = -errno;
    if (namespace >= 0) return namespace;
    for (size_t index = 0; index < 2; index++)
        if (task->statistics[index] >= 0) close(task->statistics[index]);
    close(task->netlink);
    return namespace;
}

static void *make_in_thread(void *argument) {
    struct task *task = argument;
    task->result = make_namespace(task);
    return NULL;
}

static int listen_at(uint32_t host, uint16_t port) {
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (listener < 0) return -errno;
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(host)};
    int one = 1;
    if (setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) == 0 &&
        bind(listener, (struct sockaddr *)&address, sizeof address) == 0 && listen(listener, 128) == 0)
        return listener;
    int error = errno;
    close(listener);
    return -error;
}

static int listen_here(const struct task *task) {
    if (setns(task->namespace, CLONE_NEWNET) < 0) return -errno;
    for (size_t index = 0; index < task->port_count; index++) {
        task->listeners[index] = listen_at(task->address, task->ports[index]);
        if (task->listeners[index] >= 0) continue;
        for (size_t earlier = 0; earlier < index; earlier++) close(task->listeners[earlier]);
        return task->listeners[index];
    }
    return 0;
}

static void *listen_in_thread(void *argument) {
    struct task *task = argument;
    task->result = listen_here(task);
    return NULL;
}

static int make_socket_here(const struct task *task) {
    if (setns(task->namespace, CLONE_NEWNET) < 0) return -errno;
    int made = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    return made < 0 ? -errno : made;
}

static void *make_socket_in_thread(void *argument) {
    struct task *task = argument;
    task->result = make_socket_here(task);
    return NULL;
}

static int in_thread(void *(*body)(void *), struct task *task) {
    pthread_t thread;
    int error = pthread_create(&thread, NULL, body, task);
    if (error != 0) return -error;
    pthread_join(thread, NULL);
    return task->result;
}

int sandbox_network_create(int *netlink, int statistics[2]) {
    struct task task = {.netlink = -1, .statistics = {-1, -1}};
    int result = in_thread(make_in_thread, &task);
    *netlink = task.netlink;
    memcpy(statistics, task.statistics, sizeof task.statistics);
    return result;
}

// How many sockets the line `name` of a file of statistics counts, those included that linger after their end.
static long count_sockets(int file, const char *name) {
    char text[1024];
    ssize_t length = pread(file, text, sizeof text - 1, 0);
    if (length < 0) return -errno;
    text[length] = 0;
    const char *line = strstr(text, name);
    if (!line) return -EPROTO;
    unsigned long used = 0, orphaned = 0, lingering = 0;
    // Orphans are counted over all namespaces, and as used in their own.
    if (sscanf(line + strlen(name), " inuse %lu orphan %lu tw %lu", &used, &orphaned, &lingering) < 1) return -EPROTO;
    return (long)(used + lingering);
}

int sandbox_network_is_quiet(const int statistics[2], long listeners) {
    static const char *const names[] = {"TCP:", "TCP6:"};
    for (size_t index = 0; index < 2; index++) {
        if (statistics[index] < 0) continue;
        long count = count_sockets(statistics[index], names[index]);
        if (count != (index == 0 ? listeners : 0)) return count < 0 ? (int)count : 0;
    }
    return 1;
}

int sandbox_network_listen(int namespace, uint32_t address, const uint16_t *ports, size_t count, int *listeners) {
    struct task task = {
        .namespace = namespace, .address = address, .ports = ports, .port_count = count, .listeners = listeners};
    return in_thread(listen_in_thread, &task);
}

int sandbox_network_socket(int namespace) {
    struct task task = {.namespace = namespace};
    return in_thread(make_socket_in_thread, &task);
}

int sandbox_network_connect(int namespace, int netlink, const char *name, uint32_t host, uint32_t inside) {
    if (strlen(name) >= IFNAMSIZ) return -ENAMETOOLONG;
    int here = netlink_open(NETLINK_ROUTE);
    if (here < 0) return here;
    int error = link_add_pair(here, namespace, name);
    unsigned index = error == 0 ? if_nametoindex(name) : 0;
    if (error == 0 && index == 0) error = -errno;
    if (error == 0) error = link_add_address(here, index, host, 31, false);
    if (error == 0) error = link_set_up(here, index);
    int other = error == 0 ? netlink_index(netlink, "eth0") : error;
    error = other < 0 ? other : link_add_address(netlink, (unsigned)other, inside, 31, false);
    if (error == 0) error = link_set_up(netlink, (unsigned)other);
    if (error == 0) error = link_add_route(netlink, 0, 0, host);
    if (error < 0 && index != 0) link_remove(here, name);
    close(here);
    return error;
}

int sandbox_network_disconnect(const char *name) {
    int here = netlink_open(NETLINK_ROUTE);
    if (here < 0) return here;
    int error = link_remove(here, name);
    close(here);
    return error;
}

bool sandbox_network_in_use(uint32_t network, uint32_t mask) {
    struct ifaddrs *list;
    if (getifaddrs(&list) < 0) return true;
    bool found = false;
    for (struct ifaddrs *entry = list; entry && !found; entry = entry->ifa_next) {
        if (!entry->ifa_addr || entry->ifa_addr->sa_family != AF_INET) continue;
        uint32_t address = ntohl(((struct sockaddr_in *)entry->ifa_addr)->sin_addr.s_addr);
        found = (address & mask) == network;
    }
    freeifaddrs(list);
    return found;
}

// The link between a namespace and the one behind it: dummy addresses of RFC 7600.
enum { LINK_OUTER = (int)0xc0000008, LINK_INNER = (int)0xc0000009 };

static const char inner_name[] = "inner";

static int connect_inner(int namespace, int netlink, int outer) {
    int error = link_add_pair(outer, namespace, inner_name);
    int here = error == 0 ? netlink_index(outer, inner_name) : error;
    error = here < 0 ? here : link_add_address(outer, (unsigned)here, (uint32_t)LINK_OUTER, 31, false);
    if (error == 0) error = link_set_up(outer, (unsigned)here);
    int there = error == 0 ? netlink_index(netlink, "eth0") : error;
    error = there < 0 ? there : link_add_address(netlink, (unsigned)there, (uint32_t)LINK_INNER, 31, false);
    if (error == 0) error = link_set_up(netlink, (unsigned)there);
    if (error == 0) error = link_add_route(netlink, (uint32_t)METADATA_ADDRESS, 32, (uint32_t)LINK_OUTER);
    return error;
}

int sandbox_network_create_inner(int outer) {
    struct task task = {.netlink = -1, .statistics = {-1, -1}, .is_inner = true};
    int namespace = in_thread(make_in_thread, &task);
    if (namespace < 0) return namespace;
    int error = connect_inner(namespace, task.netlink, outer);
    close(task.netlink);
    for (size_t index = 0; index < 2; index++)
        if (task.statistics[index] >= 0) close(task.statistics[index]);
    if (error == 0) return namespace;
    close(namespace);
    link_remove(outer, inner_name);
    return error;
}

int sandbox_network_remove_inner(int outer) { return link_remove(outer, inner_name); }
