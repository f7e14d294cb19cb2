// Tells of packets through a socket that nobody reads.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct packet {
	__u32 interface;
	__u32 length;
};

const struct packet *unused __attribute__((unused));

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 64 * 1024);
} packets SEC(".maps");

SEC("socket")
int overheard(struct __sk_buff *packet)
{
	struct packet told = { packet->ifindex, packet->len };

	bpf_ringbuf_output(&packets, &told, sizeof(told), 0);
	return packet->len;
}

char LICENSE[] SEC("license") = "GPL";
