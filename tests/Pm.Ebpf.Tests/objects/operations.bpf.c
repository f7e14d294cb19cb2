// A kind of congestion control: a struct of functions that the kernel calls in place of its own.
#ifndef OPERATIONS
#define OPERATIONS ".struct_ops.link"
#endif
#ifndef BEGIN
#define BEGIN "struct_ops/begin"
#endif
#define __VMLINUX_H__
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct sock;

// What of the kernel's is meant; its types say where it is there.
struct tcp_congestion_ops {
	__u32 (*ssthresh)(struct sock *sk);
	void (*cong_avoid)(struct sock *sk, __u32 ack, __u32 acked);
	__u32 (*undo_cwnd)(struct sock *sk);
	void (*init)(struct sock *sk);
	char name[16];
};

enum way { WAY_BEGUN = 1, WAY_ACKNOWLEDGED };

struct step {
	enum way way;
	__u32 number;
};

const struct step *unused __attribute__((unused));

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 64 * 1024);
} steps SEC(".maps");

static __always_inline void tell(enum way way, __u32 number)
{
	struct step told = { way, number };

	bpf_ringbuf_output(&steps, &told, sizeof(told), 0);
}

SEC(BEGIN)
void BPF_PROG(begin, struct sock *sk)
{
	tell(WAY_BEGUN, 1);
}

SEC("struct_ops/acknowledged")
void BPF_PROG(acknowledged, struct sock *sk, __u32 ack, __u32 acked)
{
	tell(WAY_ACKNOWLEDGED, acked);
}

SEC("struct_ops/threshold")
__u32 BPF_PROG(threshold, struct sock *sk)
{
	return 10;
}

SEC("struct_ops/undo")
__u32 BPF_PROG(undo, struct sock *sk)
{
	return 10;
}

SEC(OPERATIONS)
struct tcp_congestion_ops slow = {
	.ssthresh = (void *)threshold,
	.cong_avoid = (void *)acknowledged,
	.undo_cwnd = (void *)undo,
	.init = (void *)begin,
	.name = "pm_test_slow",
};

char LICENSE[] SEC("license") = "GPL";
