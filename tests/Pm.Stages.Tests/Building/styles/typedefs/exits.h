/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EXITS_H
#define EXITS_H

typedef struct {
	__u32 pid;
	struct inner { __u32 low, high; } code;
	char comm[16];
} __attribute__((packed)) exit_told_t;

typedef struct {
	__u64 since;
} running_t, *running_p;

#ifdef __TARGET_ARCH_none
typedef struct { int nothing; } elsewhere_t;
#endif

#endif
