// Network interfaces, their addresses and routes, over a netlink socket of the namespace that they are in. Addresses are
// in host byte order.
#pragma once

#include <stdbool.h>
#include <stdint.h>

int link_set_up(int socket, unsigned index);
// `is_own`: for connections of the machine to itself.
int link_add_address(int socket, unsigned index, uint32_t address, unsigned char prefix, bool is_own);
// A network of prefix 0 is everything.
int link_add_route(int socket, uint32_t network, unsigned char prefix, uint32_t gateway);
// A veth pair: `name` here, `eth0` in the other namespace.
int link_add_pair(int socket, int namespace, const char *name);
// No error if there is none.
int link_remove(int socket, const char *name);
