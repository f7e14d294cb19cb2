#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include "shared.h"

/* ring */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} ring SEC(".maps");

/// whose
const volatile int target_pid = 0;

SEC("tracepoint/sched/sched_process_exit")
int leave(void *ctx)
{
	struct told *told = bpf_ringbuf_reserve(&ring, sizeof(*told), 0);

	if (!told)
		return 0;
	told->pid = bpf_get_current_pid_tgid() >> 32;
	told->parent = target_pid;
	bpf_get_current_comm(told->comm, sizeof(told->comm));
	bpf_ringbuf_submit(told, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
