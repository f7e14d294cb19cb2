// SPDX-License-Identifier: MIT OR GPL-2.0-only
/// Tells which programs are started: the smallest program with an event.
/// @details One program at one typed tracepoint, one ring buffer, one struct: what a tool needs at least, to begin with. No tracefs is
/// needed.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include "minimal.bpf.h"

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

SEC("tp_btf/sched_process_exec")
int on_exec(void *context)
{
	struct event *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);

	if (!e)
		return 0;
	e->pid = bpf_get_current_pid_tgid() >> 32;
	bpf_get_current_comm(e->comm, sizeof(e->comm));
	bpf_ringbuf_submit(e, 0);
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
