// Network namespaces of tasks. A thread that ends at once enters a namespace where that is needed, so that no thread of
// the agent ever changes its own.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <linux/if_link.h>
#include <linux/veth.h>
#include <net/if.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "CSandbox.h"
#include "netlink.h"

enum { LOOPBACK = 1, METADATA_ADDRESS = (int)0xa9fea9fe };

static int write_setting(const char *path, const char *value) {
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0) return errno == ENOENT ? 0 : -errno;
    int result = write(file, value, strlen(value)) < 0 ? -errno : 0;
    close(file);
    return result;
}

static int set_up(int socket, unsigned index) {
    struct ifinfomsg link = {.ifi_index = (int)index, .ifi_flags = IFF_UP, .ifi_change = IFF_UP};
    struct netlink_request request;
    netlink_start(&request, RTM_NEWLINK, 0, &link, sizeof link);
    return netlink_ask(socket, &request);
}

static int add_address(int socket, unsigned index, uint32_t address, unsigned char prefix, unsigned char scope) {
    struct ifaddrmsg body = {
        .ifa_family = AF_INET, .ifa_prefixlen = prefix, .ifa_scope = scope, .ifa_index = index};
    uint32_t value = htonl(address);
    struct netlink_request request;
    netlink_start(&request, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, &body, sizeof body);
    netlink_add(&request, IFA_LOCAL, &value, sizeof value);
    netlink_add(&request, IFA_ADDRESS, &value, sizeof value);
    return netlink_ask(socket, &request);
}

static int add_default_route(int socket, uint32_t gateway) {
    struct rtmsg body = {.rtm_family = AF_INET, .rtm_table = RT_TABLE_MAIN, .rtm_protocol = RTPROT_BOOT,
                         .rtm_scope = RT_SCOPE_UNIVERSE, .rtm_type = RTN_UNICAST};
    uint32_t value = htonl(gateway);
    struct netlink_request request;
    netlink_start(&request, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, &body, sizeof body);
    netlink_add(&request, RTA_GATEWAY, &value, sizeof value);
    return netlink_ask(socket, &request);
}

static int add_pair(int socket, int namespace, const char *name) {
    struct ifinfomsg link = {0}, peer = {0};
    struct netlink_request request;
    netlink_start(&request, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &link, sizeof link);
    netlink_add(&request, IFLA_IFNAME, name, strlen(name) + 1);
    size_t information = netlink_begin_nest(&request, IFLA_LINKINFO);
    netlink_add(&request, IFLA_INFO_KIND, "veth", 4);
    size_t data = netlink_begin_nest(&request, IFLA_INFO_DATA);
    size_t other = netlink_begin_nest(&request, VETH_INFO_PEER);
    netlink_add_bytes(&request, &peer, sizeof peer);
    netlink_add(&request, IFLA_IFNAME, "eth0", 5);
    uint32_t descriptor = (uint32_t)namespace;
    netlink_add(&request, IFLA_NET_NS_FD, &descriptor, sizeof descriptor);
    netlink_end_nest(&request, other);
    netlink_end_nest(&request, data);
    netlink_end_nest(&request, information);
    return netlink_ask(socket, &request);
}

static int remove_link(int socket, const char *name) {
    struct ifinfomsg link = {0};
    struct netlink_request request;
    netlink_start(&request, RTM_DELLINK, 0, &link, sizeof link);
    netlink_add(&request, IFLA_IFNAME, name, strlen(name) + 1);
    int result = netlink_ask(socket, &request);
    return result == -ENODEV ? 0 : result;
}

struct task {
    int result;
    int netlink;
    int statistics[2];
    int namespace;
    uint32_t address;
    uint16_t port;
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
    if (error == 0) error = write_setting("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1");
    if (error < 0) return error;
    task->netlink = netlink_open(NETLINK_ROUTE);
    if (task->netlink < 0) return task->netlink;
    error = set_up(task->netlink, LOOPBACK);
    if (error == 0) error = add_address(task->netlink, LOOPBACK, (uint32_t)METADATA_ADDRESS, 32, RT_SCOPE_HOST);
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

static int listen_here(const struct task *task) {
    if (setns(task->namespace, CLONE_NEWNET) < 0) return -errno;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (listener < 0) return -errno;
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(task->port), .sin_addr.s_addr = htonl(task->address)};
    int one = 1;
    if (setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) == 0 &&
        bind(listener, (struct sockaddr *)&address, sizeof address) == 0 && listen(listener, 128) == 0)
        return listener;
    int error = errno;
    close(listener);
    return -error;
}

static void *listen_in_thread(void *argument) {
    struct task *task = argument;
    task->result = listen_here(task);
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

int sandbox_network_is_quiet(const int statistics[2]) {
    static const char *const names[] = {"TCP:", "TCP6:"};
    for (size_t index = 0; index < 2; index++) {
        if (statistics[index] < 0) continue;
        long count = count_sockets(statistics[index], names[index]);
        if (count != 0) return count < 0 ? (int)count : 0;
    }
    return 1;
}

int sandbox_network_listen(int namespace, uint32_t address, uint16_t port) {
    struct task task = {.namespace = namespace, .address = address, .port = port};
    return in_thread(listen_in_thread, &task);
}

int sandbox_network_connect(int namespace, int netlink, const char *name, uint32_t host, uint32_t inside) {
    if (strlen(name) >= IFNAMSIZ) return -ENAMETOOLONG;
    int here = netlink_open(NETLINK_ROUTE);
    if (here < 0) return here;
    int error = add_pair(here, namespace, name);
    unsigned index = error == 0 ? if_nametoindex(name) : 0;
    if (error == 0 && index == 0) error = -errno;
    if (error == 0) error = add_address(here, index, host, 31, RT_SCOPE_UNIVERSE);
    if (error == 0) error = set_up(here, index);
    int other = error == 0 ? netlink_index(netlink, "eth0") : error;
    error = other < 0 ? other : add_address(netlink, (unsigned)other, inside, 31, RT_SCOPE_UNIVERSE);
    if (error == 0) error = set_up(netlink, (unsigned)other);
    if (error == 0) error = add_default_route(netlink, host);
    if (error < 0 && index != 0) remove_link(here, name);
    close(here);
    return error;
}

int sandbox_network_disconnect(const char *name) {
    int here = netlink_open(NETLINK_ROUTE);
    if (here < 0) return here;
    int error = remove_link(here, name);
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
