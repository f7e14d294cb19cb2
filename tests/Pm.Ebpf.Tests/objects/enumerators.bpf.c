// Variables that stand for values of the kernel's enumerations, as the headers of sched_ext write them.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

const volatile __u64 __BPF_MAP_TYPE_STACK_TRACE __attribute__((weak));
const volatile __u64 __PM_OF_NO_KERNEL __attribute__((weak));
const volatile __u64 __BPF_MAP_TYPE_HASH __attribute__((weak)) = 77;
const volatile __u32 __BPF_MAP_TYPE_ARRAY __attribute__((weak));

struct event {
	__u64 of_kernel, of_none, own, narrow;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

struct event *unused_event __attribute__((unused));

SEC("raw_tp/sys_enter")
int tell(void *ctx)
{
	struct event event = {
		.of_kernel = __BPF_MAP_TYPE_STACK_TRACE,
		.of_none = __PM_OF_NO_KERNEL,
		.own = __BPF_MAP_TYPE_HASH,
		.narrow = __BPF_MAP_TYPE_ARRAY,
	};

	bpf_ringbuf_output(&events, &event, sizeof(event), 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
