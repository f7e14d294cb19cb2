// SPDX-License-Identifier: GPL-2.0
// Types without tags, in a header; one of them is not for this machine.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "exits.h"

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} told SEC(".maps");

SEC("tp/sched/sched_process_exit")
int leave(void *ctx)
{
	exit_told_t said = { .pid = bpf_get_current_pid_tgid() >> 32 };

	bpf_get_current_comm(said.comm, sizeof(said.comm));
	bpf_perf_event_output(ctx, &told, BPF_F_CURRENT_CPU, &said, sizeof(said));
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
