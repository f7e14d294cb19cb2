#include "tasks.bpf.h"

int acquired;

SEC("tp_btf/task_newtask")
int BPF_PROG(on_new, struct task_struct *task, u64 clone_flags)
{
	void *mine = bpf_task_acquire(task);

	if (mine) {
		acquired++;
		bpf_task_release(mine);
	}
	/* These are declared by the kernel's types alone. */
	bpf_rcu_read_lock();
	bpf_rcu_read_unlock();
	if (bpf_ksym_exists(bpf_not_in_any_kernel))
		bpf_not_in_any_kernel();
	return 0;
}

char _license[] SEC("license") = "GPL";
