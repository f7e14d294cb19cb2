// SPDX-License-Identifier: MIT OR GPL-2.0-only
#ifndef __MDFLUSH_H
#define __MDFLUSH_H

struct event {
	int pid;
	char comm[16];
	char disk[32];
};

#endif
