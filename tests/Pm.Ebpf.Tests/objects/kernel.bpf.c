// The types of a kernel that fitting.bpf.c is held against; its section .BTF alone is used.
enum pm_level { PM_ZERO, PM_LOW, PM_HIGH };

struct pm_inner___of_kernel {
	int something;
};

struct pm_inner {
	long before;
	int first;
	int second;
};

struct pm_thing {
	int before[3];
	long second;
	int first;
	unsigned int bits : 20;
	unsigned int more : 9;
	union {
		struct {
			int other;
			int deep;
		};
		long whole;
	};
	int changed;
	int list[4];
	struct pm_inner inner;
	unsigned long narrow;
};

struct pm_twice {
	int field;
};

struct pm_twice___again {
	long before;
	int field;
};

typedef void (*btf_trace_sched_switch)(void *data);

btf_trace_sched_switch f;
struct pm_thing *a;
struct pm_twice *b;
struct pm_twice___again *c;
enum pm_level d;
struct pm_inner___of_kernel *e;
