// SPDX-License-Identifier: MIT OR GPL-2.0-only
#ifndef __FENTRY_LINK_H
#define __FENTRY_LINK_H

struct event {
	int pid;
	int ret;
	char comm[16];
	char path[128];
};

#endif
