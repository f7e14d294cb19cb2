// SPDX-License-Identifier: MIT OR GPL-2.0-only
#ifndef __BINDSNOOP_H
#define __BINDSNOOP_H

enum bind_family { FAMILY_OTHER = 0, FAMILY_UNIX = 1, FAMILY_IPV4 = 2, FAMILY_IPV6 = 10 };

struct event {
	int pid;
	unsigned int uid;
	enum bind_family family;
	unsigned short port;
	unsigned char addr[16];
	char comm[16];
};

#endif
