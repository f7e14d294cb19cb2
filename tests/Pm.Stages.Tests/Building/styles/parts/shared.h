#ifndef SHARED_H
#define SHARED_H

struct told {
	int pid;
	int parent;
	char comm[16];
};

#endif
