// SPDX-License-Identifier: MIT OR GPL-2.0-only
#ifndef __TEMPLATE_H
#define __TEMPLATE_H

enum dir_action { DIR_MADE, DIR_REMOVED };

struct event {
	int pid;
	unsigned int uid;
	enum dir_action action;
	char comm[16];
	char path[128];
};

#endif
