#include <part/common.bpf.h>

SEC("tp_btf/sched_process_exec")
int begun(u64 *ctx)
{
	struct told *told = bpf_ringbuf_reserve(&events, sizeof(*told), 0);

	if (!told)
		return 0;
	told->pid = bpf_get_current_pid_tgid() >> 32;
	bpf_ringbuf_submit(told, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
