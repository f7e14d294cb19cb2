// Enumerations with values of 64 bits, and with a sign, in bit-fields, too. Compiled twice: clang before 15 writes 32 bits of each value down, and no sign.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

enum amount { NONE = 1, ALL = 0xffffffffffffffffULL, HUGE = 0x100000000ULL };
enum result { FAILED = -1, REFUSED = -5, DONE = 0, MORE = 3 };

const volatile enum amount want = HUGE;
const volatile enum result expected = REFUSED;

struct event {
	enum amount amount, none;
	enum result failed, unnamed;
	enum result refused : 4, more : 4, none_of_them : 4;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

struct event *unused_event __attribute__((unused));

SEC("raw_tp/sys_enter")
int tell(void *ctx)
{
	struct event event = {
		.amount = want, .none = 0, .failed = FAILED, .unnamed = -7, .refused = expected, .more = MORE, .none_of_them = -7,
	};

	bpf_ringbuf_output(&events, &event, sizeof(event), 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
