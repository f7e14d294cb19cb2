// Tells of packets: traffic control on their way in and out, and a control group's.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

enum way { WAY_IN = 1, WAY_OUT, WAY_OF_GROUP };

struct packet {
	enum way way;
	__u32 interface;
	__u32 length;
	__u32 protocol;
};

const struct packet *unused __attribute__((unused));

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 64 * 1024);
} packets SEC(".maps");

static __always_inline void tell(struct __sk_buff *packet, enum way way)
{
	struct packet told = { way, packet->ifindex, packet->len, packet->protocol };

	bpf_ringbuf_output(&packets, &told, sizeof(told), 0);
}

SEC("tc")
int came(struct __sk_buff *packet)
{
	tell(packet, WAY_IN);
	return -1;
}

SEC("tc/egress")
int went(struct __sk_buff *packet)
{
	tell(packet, WAY_OUT);
	return -1;
}

SEC("cgroup_skb/egress")
int grouped(struct __sk_buff *packet)
{
	tell(packet, WAY_OF_GROUP);
	return 1;
}

char LICENSE[] SEC("license") = "GPL";
