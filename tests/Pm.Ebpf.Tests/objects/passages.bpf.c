// Tells of packets between the interfaces of a pair (netkit) and in netfilter, and lets none through where its user says so.
#include <stdbool.h>
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define NETKIT_PASS 0
#define NETKIT_DROP 2
#define NF_DROP 0
#define NF_ACCEPT 1

struct nf_hook_state;

struct sk_buff {
	unsigned int len;
} __attribute__((preserve_access_index));

struct bpf_nf_ctx {
	const struct nf_hook_state *state;
	struct sk_buff *skb;
};

enum way { WAY_PRIMARY = 1, WAY_PEER, WAY_FILTERED };

struct passage {
	enum way way;
	__u32 length;
};

const struct passage *unused __attribute__((unused));

const volatile bool drop = false;

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 64 * 1024);
} passages SEC(".maps");

static __always_inline void tell(enum way way, __u32 length)
{
	struct passage told = { way, length };

	bpf_ringbuf_output(&passages, &told, sizeof(told), 0);
}

SEC("netkit/primary")
int primary(struct __sk_buff *packet)
{
	tell(WAY_PRIMARY, packet->len);
	return drop ? NETKIT_DROP : NETKIT_PASS;
}

SEC("netkit/peer")
int peer(struct __sk_buff *packet)
{
	tell(WAY_PEER, packet->len);
	return drop ? NETKIT_DROP : NETKIT_PASS;
}

SEC("netfilter")
int filtered(struct bpf_nf_ctx *context)
{
	tell(WAY_FILTERED, context->skb->len);
	return drop ? NF_DROP : NF_ACCEPT;
}

char LICENSE[] SEC("license") = "GPL";
