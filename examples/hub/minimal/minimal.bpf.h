// SPDX-License-Identifier: MIT OR GPL-2.0-only
#ifndef __MINIMAL_H
#define __MINIMAL_H

struct event {
	int pid;
	char comm[16];
};

#endif
