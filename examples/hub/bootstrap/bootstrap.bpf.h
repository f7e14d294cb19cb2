// SPDX-License-Identifier: MIT OR GPL-2.0-only
#ifndef __BOOTSTRAP_H
#define __BOOTSTRAP_H

struct event {
	int pid;
	int ppid;
	unsigned int exit_code;
	unsigned long long duration_ns;
	_Bool ended;
	char comm[16];
	char filename[127];
};

#endif
