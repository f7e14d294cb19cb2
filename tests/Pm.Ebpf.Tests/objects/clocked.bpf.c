// Tells what a processor does whenever its clock runs over.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct sample {
	__u32 processor;
	__u32 pid;
	char comm[16];
};

const struct sample *unused __attribute__((unused));

const volatile __u32 target_pid = 0;

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 64 * 1024);
} samples SEC(".maps");

SEC("perf_event")
int clocked(void *context)
{
	struct sample told = { bpf_get_smp_processor_id(), bpf_get_current_pid_tgid() >> 32 };

	if (target_pid && told.pid != target_pid)
		return 0;
	bpf_get_current_comm(told.comm, sizeof(told.comm));
	bpf_ringbuf_output(&samples, &told, sizeof(told), 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
