// Network interfaces, their addresses and routes.
#define _GNU_SOURCE
#include "link.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_link.h>
#include <linux/veth.h>
#include <net/if.h>
#include <string.h>

#include "netlink.h"

int link_set_up(int socket, unsigned index) {
    struct ifinfomsg link = {.ifi_index = (int)index, .ifi_flags = IFF_UP, .ifi_change = IFF_UP};
    struct netlink_request request;
    netlink_start(&request, RTM_NEWLINK, 0, &link, sizeof link);
    return netlink_ask(socket, &request);
}

int link_add_address(int socket, unsigned index, uint32_t address, unsigned char prefix, bool is_own) {
    struct ifaddrmsg body = {
        .ifa_family = AF_INET, .ifa_prefixlen = prefix, .ifa_scope = is_own ? RT_SCOPE_HOST : RT_SCOPE_UNIVERSE, .ifa_index = index};
    uint32_t value = htonl(address);
    struct netlink_request request;
    netlink_start(&request, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, &body, sizeof body);
    netlink_add(&request, IFA_LOCAL, &value, sizeof value);
    netlink_add(&request, IFA_ADDRESS, &value, sizeof value);
    return netlink_ask(socket, &request);
}

int link_add_route(int socket, uint32_t network, unsigned char prefix, uint32_t gateway) {
    struct rtmsg body = {.rtm_family = AF_INET, .rtm_dst_len = prefix, .rtm_table = RT_TABLE_MAIN, .rtm_protocol = RTPROT_BOOT,
                         .rtm_scope = RT_SCOPE_UNIVERSE, .rtm_type = RTN_UNICAST};
    uint32_t place = htonl(network), next = htonl(gateway);
    struct netlink_request request;
    netlink_start(&request, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, &body, sizeof body);
    if (prefix > 0) netlink_add(&request, RTA_DST, &place, sizeof place);
    netlink_add(&request, RTA_GATEWAY, &next, sizeof next);
    return netlink_ask(socket, &request);
}

int link_add_pair(int socket, int namespace, const char *name) {
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

int link_remove(int socket, const char *name) {
    struct ifinfomsg link = {0};
    struct netlink_request request;
    netlink_start(&request, RTM_DELLINK, 0, &link, sizeof link);
    netlink_add(&request, IFLA_IFNAME, name, strlen(name) + 1);
    int result = netlink_ask(socket, &request);
    return result == -ENODEV ? 0 : result;
}
