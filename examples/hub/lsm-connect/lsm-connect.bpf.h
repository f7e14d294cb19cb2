// SPDX-License-Identifier: MIT OR GPL-2.0-only
#ifndef __LSM_CONNECT_H
#define __LSM_CONNECT_H

struct event {
	int pid;
	unsigned int uid;
	unsigned short port;
	unsigned char addr[4];
	char comm[16];
};

#endif
