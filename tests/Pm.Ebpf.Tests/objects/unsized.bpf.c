// A perf buffer as users of other loaders write it: without the sizes of its keys and values, and without a number of entries.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
} events SEC(".maps");

struct event {
	__u32 pid;
};

const struct event *unused __attribute__((unused));

SEC("tracepoint/syscalls/sys_enter_openat")
int asked(void *ctx)
{
	struct event event = { .pid = bpf_get_current_pid_tgid() >> 32 };

	bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, &event, sizeof(event));
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
