#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("raw_tp/sched_switch")
int walk(void *ctx)
{
	return bpf_get_smp_processor_id() > MOST;
}

char LICENSE[] SEC("license") = "GPL";
