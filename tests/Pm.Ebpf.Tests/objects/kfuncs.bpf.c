// Functions of the kernel that programs may call (kfuncs), and one that they may not.
#define SEC(name) __attribute__((section(name), used))

extern void bpf_rcu_read_lock(void) SEC(".ksyms");
extern void bpf_rcu_read_unlock(void) SEC(".ksyms");
extern void schedule(void) SEC(".ksyms");

SEC("tp_btf/sched_process_exec") int allowed(void *context)
{
	bpf_rcu_read_lock();
	bpf_rcu_read_unlock();
	return 0;
}

SEC("tp_btf/sched_process_exec") int forbidden(void *context)
{
	schedule();
	return 0;
}

SEC("tp_btf/sched_process_exec") int beside(void *context) { return 0; }

char LICENSE[] SEC("license") = "GPL";
