#ifndef __LAT_H
#define __LAT_H
#define MAX_SLOTS 27
struct hist {
	__u32 slots[MAX_SLOTS];
	char comm[16];
};
#endif
