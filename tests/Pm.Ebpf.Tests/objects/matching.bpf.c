// Asks whether types of kernel.bpf.c are there; MatchingTests makes of each question whether they match, which clang 14 cannot write (bpf_core_type_matches). A program of whose type that is true
// reads what no kernel has.
#define SEC(name) __attribute__((section(name), used))
#define CORE __attribute__((preserve_access_index))

typedef unsigned int u32;
typedef unsigned long long u64;

static long (*read_kernel)(void *to, u32 size, const void *from) = (void *)113;

struct pm_absent {
	int field;
} CORE;

struct pm_inner___same { long before; int first; int second; } CORE;
struct pm_inner___fewer { int first; } CORE;
struct pm_inner___other_order { int second; int first; } CORE;
struct pm_inner___more { int first; int third; } CORE;
struct pm_inner___signed { unsigned int first; } CORE;
struct pm_inner___larger { long first; } CORE;
struct pm_thing___list { int list[4]; } CORE;
struct pm_thing___longer_list { int list[5]; } CORE;
struct pm_inner___within { int first; } CORE;
struct pm_thing___within { struct pm_inner___within inner; } CORE;
struct pm_thing___wrong_within { struct pm_inner___larger inner; } CORE;
struct pm_thing___pointer { int *changed; } CORE;
union pm_inner___union { int first; } CORE;
enum pm_level___fewer { PM_LOW___fewer = 7 };
enum pm_level___other { PM_NEWEST___other = 2 };

u64 sum;

#define PROGRAM(name, type)                                                                                    \
	SEC("raw_tp/sched_switch") int name(u64 *context)                                                      \
	{                                                                                                      \
		struct pm_absent *absent = (void *)context[1];                                                 \
		int value = 0;                                                                                 \
		if (__builtin_preserve_type_info(*(type *)0, 0))                                               \
			read_kernel(&value, sizeof(value), (void *)&absent->field);                            \
		sum += value;                                                                                  \
		return 0;                                                                                      \
	}

PROGRAM(same, struct pm_inner___same)
PROGRAM(fewer, struct pm_inner___fewer)
PROGRAM(other_order, struct pm_inner___other_order)
PROGRAM(more, struct pm_inner___more)
PROGRAM(other_sign, struct pm_inner___signed)
PROGRAM(larger, struct pm_inner___larger)
PROGRAM(list, struct pm_thing___list)
PROGRAM(longer_list, struct pm_thing___longer_list)
PROGRAM(within, struct pm_thing___within)
PROGRAM(wrong_within, struct pm_thing___wrong_within)
PROGRAM(pointer, struct pm_thing___pointer)
PROGRAM(of_union, union pm_inner___union)
PROGRAM(values, enum pm_level___fewer)
PROGRAM(other_values, enum pm_level___other)

char LICENSE[] SEC("license") = "GPL";
