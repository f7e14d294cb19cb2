// An event whose members stand for something that their types do not say; the notes do.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

// As the kernel declares them.
struct in_addr {
	__u32 s_addr;
};

struct in6_addr {
	union {
		__u8 u6_addr8[16];
		__u32 u6_addr32[4];
	} in6_u;
};

struct peer {
	__u8 address[16];
	int error;
};

struct event {
	__u64 when;
	int ret;
	__u32 signal;
	long result;
	__u32 from;
	__u8 to[4];
	struct in_addr old;
	struct in6_addr new;
	struct peer peer;
	__u32 hops[2];
	short narrow;
	int plain;
	__s64 later;
	int list[2];
	__s8 tiny;
};

const struct event *__pm_export_event;

const volatile __u32 target_address = 0;
const volatile struct in6_addr far = {};
const volatile __u8 near[16] = {};
const volatile int target_signal = 0;

const char notes[] SEC(".pm.notes") =
	"{\"flags\":{\"target_address\":{\"reading\":\"ip\",\"default\":\"192.0.2.1\"},\"near\":{\"reading\":\"ip\"},\"target_signal\":{\"reading\":\"signal\",\"default\":\"TERM\"}},"
	"\"readings\":{\"events\":{\"when\":\"time\",\"ret\":\"errno\",\"signal\":\"signal\",\"result\":\"errno\",\"from\":\"ip\",\"to\":\"ip\",\"peer.address\":\"ip\",\"peer.error\":\"errno\",\"hops\":\"ip\","
	"\"narrow\":\"errno\",\"later\":\"time\",\"list\":\"errno\",\"tiny\":\"errno\"}},\"linux\":\">=6.4, <99\"}";

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 64 * 1024);
} events SEC(".maps");

SEC("raw_tp/sched_switch")
int told(void *context)
{
	struct event event = { .plain = target_signal, .from = target_address, .ret = far.in6_u.u6_addr8[0] + near[0] };

	bpf_ringbuf_output(&events, &event, sizeof(event), 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
