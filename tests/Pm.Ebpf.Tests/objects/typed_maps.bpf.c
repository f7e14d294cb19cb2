// Buffers whose definition gives the type of their events as that of values, as loaders in Go take it; libbpf does not. Another type is exported.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct told {
	unsigned int number;
	unsigned int more;
};

struct other {
	unsigned int number;
	unsigned int more;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
	__type(value, struct told);
} ring SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__type(key, __u32);
	__type(value, struct told);
} perf SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__type(key, __u32);
	__type(value, __u32);
} plain SEC(".maps");

const struct other *unused __attribute__((unused));

SEC("raw_tp/sys_enter")
int tell(void *ctx)
{
	struct told told = {.number = 7, .more = 8};

	bpf_ringbuf_output(&ring, &told, sizeof(told), 0);
	bpf_perf_event_output(ctx, &perf, BPF_F_CURRENT_CPU, &told, sizeof(told));
	bpf_perf_event_output(ctx, &plain, BPF_F_CURRENT_CPU, &told, sizeof(told));
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
