// An event with every shape that a member can have, and another of the same size: which of them a map carries nothing says.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

enum signed_kind { KIND_NEGATIVE = -2, KIND_ZERO, KIND_POSITIVE = 3 };

typedef unsigned char u8;

struct point {
	short x;
	short y;
};

struct shapes {
	signed char tiny;
	u8 small;
	short medium;
	int plain;
	unsigned int wide;
	long long large;
	unsigned long long larger;
	__int128 huge;
	unsigned __int128 hugest;
	_Bool yes;
	char letter;
	char text[10];
	u8 bytes[4];
	enum signed_kind kind;
	unsigned int low : 3;
	int middle : 5;
	unsigned int high : 24;
	struct point point;
	struct point points[2];
	union {
		unsigned int address;
		u8 parts[4];
	};
	union {
		int number;
		float fraction;
	} either;
	float single;
	double twice;
	void *pointer;
	int grid[2][3];
	char rest[0];
};

struct other {
	char bytes[sizeof(struct shapes)];
};

struct shapes *unused_shapes;
struct other *unused_other;

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

SEC("raw_tp/sched_switch")
int shaped(void *ctx)
{
	void *event = bpf_ringbuf_reserve(&events, sizeof(struct shapes), 0);

	if (event)
		bpf_ringbuf_discard(event, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
