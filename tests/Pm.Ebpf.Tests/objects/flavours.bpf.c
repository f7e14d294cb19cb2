// A function of the kernel as one kernel has it: what stands behind the three underscores is no part of its name.
#define SEC(name) __attribute__((section(name), used))

extern void bpf_rcu_read_lock___old(void) SEC(".ksyms");
extern void bpf_rcu_read_unlock(void) SEC(".ksyms");

SEC("tp_btf/sched_process_exec") int flavoured(void *context)
{
	bpf_rcu_read_lock___old();
	bpf_rcu_read_unlock();
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
