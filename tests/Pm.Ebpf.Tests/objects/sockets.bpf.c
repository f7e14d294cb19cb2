// Looks at what the sockets of a map send and receive; those that connect while it runs are in it.
#include <linux/bpf.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

/// The port of those that are meant, on either side; 0: all.
const volatile __u32 port = 0;

enum way { WAY_JOINED = 1, WAY_SENT, WAY_RECEIVED };

struct message {
	enum way way;
	__u32 number;
};

const struct message *unused __attribute__((unused));

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 64 * 1024);
} messages SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_SOCKHASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u64);
} connected SEC(".maps");

static __always_inline void tell(enum way way, __u32 number)
{
	struct message told = { way, number };

	bpf_ringbuf_output(&messages, &told, sizeof(told), 0);
}

SEC("sockops")
int joins(struct bpf_sock_ops *socket)
{
	__u32 here = socket->local_port;

	if (port && here != port && bpf_ntohl(socket->remote_port) != port)
		return 1;
	if (socket->op == BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB || socket->op == BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB) {
		bpf_sock_hash_update(socket, &connected, &here, BPF_ANY);
		tell(WAY_JOINED, here);
	}
	return 1;
}

SEC("sk_msg")
int sends(struct sk_msg_md *message)
{
	tell(WAY_SENT, message->size);
	return SK_PASS;
}

SEC("sk_skb/stream_parser")
int parses(struct __sk_buff *packet)
{
	return packet->len;
}

SEC("sk_skb/stream_verdict")
int receives(struct __sk_buff *packet)
{
	tell(WAY_RECEIVED, packet->len);
	return SK_PASS;
}

char LICENSE[] SEC("license") = "GPL";
