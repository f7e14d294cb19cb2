#ifndef __OPENS_H
#define __OPENS_H
struct event {
	int pid;
	/// what is done with it
	int flags;
	unsigned long long ts;
};
#endif
