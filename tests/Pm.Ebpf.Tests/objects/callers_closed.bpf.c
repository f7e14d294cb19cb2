// Helpers for programs under the GPL alone, and others.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

static char buffer[16];

SEC("tp/sched/sched_process_exit")
int reads(void *ctx)
{
	return bpf_probe_read_kernel(buffer, 4, ctx);
}

SEC("tp/sched/sched_process_exit")
int asks(void *ctx)
{
	return bpf_get_current_pid_tgid() == 7;
}

char LICENSE[] SEC("license") = "Proprietary";
