// SPDX-License-Identifier: MIT OR GPL-2.0-only
#ifndef __OPENSNOOP_H
#define __OPENSNOOP_H

struct event {
	int pid;
	unsigned int uid;
	int ret;
	int flags;
	char comm[16];
	char fname[255];
};

#endif
