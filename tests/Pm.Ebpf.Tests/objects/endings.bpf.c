// Events that end in arrays of no length, and text that is several strings.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct wide {
	__u8 a, b, c, d;
	short e;
	short f;
};

struct two {
	__u32 pid;
	int nothing[0];
	struct {
		int a;
		unsigned char b;
	} rest[];
} __attribute__((packed));

struct many {
	__u32 pid;
	struct wide rest[];
};

struct either {
	__u32 pid;
	struct {
		int left[0];
		int right[0];
	};
	union {
		struct {
		} none;
		__u16 numbers[0];
		__u8 bytes[0];
	};
};

struct words {
	__u32 pid;
	char args[12];
	char lines[2][4];
	__u8 raw[4];
	char plain[4];
	char rest[0];
};

const struct two *unused_two;
const struct many *unused_many;
const struct either *unused_either;
const struct words *unused_words;

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

SEC("raw_tp/sched_switch")
int told(void *context)
{
	int size = bpf_get_prandom_u32() & 63;
	static char bytes[64];

	bpf_ringbuf_output(&events, bytes, size, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
