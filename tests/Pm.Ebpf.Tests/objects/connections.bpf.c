// Keeps each connection that is made, and walks over what it keeps: the sockets of a map, and what a map has of each socket.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct seq_file;

struct bpf_iter_meta {
	struct seq_file *seq;
	__u64 session_id;
	__u64 seq_num;
} __attribute__((preserve_access_index));

struct sock_common {
	__u16 skc_dport;
	__u16 skc_num;
} __attribute__((preserve_access_index));

struct sock {
	struct sock_common __sk_common;
} __attribute__((preserve_access_index));

struct bpf_iter__sockmap {
	struct bpf_iter_meta *meta;
	struct bpf_map *map;
	void *key;
	struct sock *sk;
} __attribute__((preserve_access_index));

struct bpf_iter__bpf_sk_storage_map {
	struct bpf_iter_meta *meta;
	struct bpf_map *map;
	struct sock *sk;
	void *value;
} __attribute__((preserve_access_index));

enum side { CALLER = 0, CALLED = 1 };

struct {
	__uint(type, BPF_MAP_TYPE_SOCKMAP);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u64);
} sockets SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, __u32);
} sides SEC(".maps");

SEC("sockops")
int made(struct bpf_sock_ops *connection)
{
	__u32 side = connection->op == BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB ? CALLER : CALLED;
	struct bpf_sock *socket = connection->sk;

	if ((connection->op != BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB && connection->op != BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB) || !socket)
		return 1;
	bpf_sk_storage_get(&sides, socket, &side, BPF_SK_STORAGE_GET_F_CREATE);
	bpf_sock_map_update(connection, &sockets, &side, BPF_ANY);
	return 1;
}

SEC("iter/sockmap")
int walk_sockets(struct bpf_iter__sockmap *context)
{
	struct sock *socket = context->sk;
	__u32 *key = context->key;

	if (!key || !socket)
		return 0;
	BPF_SEQ_PRINTF(context->meta->seq, "socket %u port %u\n", *key, socket->__sk_common.skc_num);
	return 0;
}

SEC("iter/bpf_sk_storage_map")
int walk_sides(struct bpf_iter__bpf_sk_storage_map *context)
{
	struct sock *socket = context->sk;
	__u32 *side = context->value;

	if (!side || !socket)
		return 0;
	BPF_SEQ_PRINTF(context->meta->seq, "side %u port %u\n", *side, socket->__sk_common.skc_num);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
