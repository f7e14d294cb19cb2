// SPDX-License-Identifier: GPL-2.0
// All ways to write to a ring buffer, with braces among the arguments and the address of a helper.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct event {
	u32 number;
	u32 kind;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} rb SEC(".maps");

SEC("tp/sched/sched_process_exec")
int handle(void *ctx)
{
	void *(*reserve)(void *, u64, u64) = bpf_ringbuf_reserve;
	struct event *e;
	struct bpf_dynptr held;

	if (!(e = bpf_ringbuf_reserve(&rb, sizeof(*e), 0)))
		return bpf_ringbuf_output(&rb, &(struct event){ .number = 1, .kind = 2 }, sizeof(struct event), 0) < 0;
	e->number = bpf_ringbuf_query(&rb, 0) + (reserve != 0);
	e->kind = 1;
	bpf_ringbuf_submit(e, 0);
	bpf_ringbuf_output(&rb, &(struct event){ 1, 2 }, sizeof(struct event), BPF_RB_NO_WAKEUP);
	bpf_ringbuf_reserve_dynptr(&rb, 8, 0, &held);
	bpf_ringbuf_discard_dynptr(&held, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
