// SPDX-License-Identifier: MIT OR GPL-2.0-only
#ifndef __SIGSNOOP_H
#define __SIGSNOOP_H

struct event {
	int pid;
	int target;
	int sig;
	int result;
	char comm[16];
	char target_comm[16];
};

#endif
