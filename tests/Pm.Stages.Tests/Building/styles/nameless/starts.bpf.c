// SPDX-License-Identifier: GPL-2.0
// One file, whose types have no tags.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

typedef struct { __u64 at; } key_t;

typedef struct {
	__u32 pid;
	__u32 uid;
	char comm[16];
} started_t;

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} started SEC(".maps");

SEC("tp/sched/sched_process_exec")
int begin(void *ctx)
{
	started_t *told = bpf_ringbuf_reserve(&started, sizeof(started_t), 0);

	if (!told)
		return 0;
	told->pid = bpf_get_current_pid_tgid() >> 32;
	told->uid = (__u32)bpf_get_current_uid_gid();
	bpf_get_current_comm(told->comm, sizeof(told->comm));
	bpf_ringbuf_submit(told, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
