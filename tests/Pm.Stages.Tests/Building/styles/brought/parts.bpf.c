#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

int last;

SEC("tp_btf/sched_process_exit")
int leave(__u64 *ctx)
{
	struct task_struct *task = (void *)ctx[0];

	last = task->number;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
