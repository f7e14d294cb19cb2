// SPDX-License-Identifier: MIT OR GPL-2.0-only
#ifndef __MOUNTSNOOP_H
#define __MOUNTSNOOP_H

enum mount_call { CALL_MOUNT, CALL_UMOUNT };

struct event {
	int pid;
	enum mount_call call;
	int ret;
	unsigned long long flags;
	char comm[16];
	char type[16];
	char source[96];
	char target[96];
};

#endif
