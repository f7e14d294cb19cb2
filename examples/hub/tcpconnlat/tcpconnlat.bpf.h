// SPDX-License-Identifier: MIT OR GPL-2.0-only
#ifndef __TCPCONNLAT_H
#define __TCPCONNLAT_H

struct event {
	int pid;
	unsigned short family;
	unsigned short lport;
	unsigned short dport;
	unsigned long long delta_us;
	unsigned char saddr[16];
	unsigned char daddr[16];
	char comm[16];
};

#endif
