// Maps without events, to be sampled: counts by process, a histogram for each, one for each processor, and the stacks of where it was.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define MAX_SLOTS 27
#define MAX_STACK 32

struct hist {
	__u32 slots[MAX_SLOTS];
	char comm[16];
	__u64 total;
};

struct stack_event {
	__u32 pid;
	__u32 cpu_id;
	char comm[16];
	int kstack_sz;
	int ustack_sz;
	__u64 kstack[MAX_STACK];
	__u64 ustack[MAX_STACK];
	int stack_id;
};

struct stack_event *unused_stack_event;

const volatile int target_pid = 0;

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u64);
} counts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, struct hist);
} hists SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u64);
} each SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, struct hist);
} each_hist SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_STACK_TRACE);
	__uint(max_entries, 1024);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, MAX_STACK * sizeof(__u64));
} stackmap SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

static const struct hist zero;

SEC("raw_tp/sys_enter")
int entered(struct bpf_raw_tracepoint_args *ctx)
{
	__u32 pid = bpf_get_current_pid_tgid() >> 32, first = 0;
	__u64 one = 1, *count, slot = ctx->args[1];
	struct stack_event *event;
	struct hist *hist;

	if (!target_pid || pid != target_pid)
		return 0;
	count = bpf_map_lookup_elem(&counts, &pid);
	if (count)
		__sync_fetch_and_add(count, 1);
	else
		bpf_map_update_elem(&counts, &pid, &one, BPF_NOEXIST);
	count = bpf_map_lookup_elem(&each, &first);
	if (count)
		*count += 1;
	bpf_map_update_elem(&each_hist, &pid, &zero, BPF_NOEXIST);
	hist = bpf_map_lookup_elem(&each_hist, &pid);
	if (hist) {
		hist->slots[3] += 1;
		hist->total += 1;
	}
	bpf_map_update_elem(&hists, &pid, &zero, BPF_NOEXIST);
	hist = bpf_map_lookup_elem(&hists, &pid);
	if (hist) {
		bpf_get_current_comm(hist->comm, sizeof(hist->comm));
		hist->total += 1;
		slot /= 32;
		if (slot >= MAX_SLOTS)
			slot = MAX_SLOTS - 1;
		__sync_fetch_and_add(&hist->slots[slot], 1);
	}
	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (event) {
		event->pid = pid;
		event->cpu_id = bpf_get_smp_processor_id();
		bpf_get_current_comm(event->comm, sizeof(event->comm));
		event->kstack_sz = bpf_get_stack(ctx, event->kstack, sizeof(event->kstack), 0);
		event->ustack_sz = bpf_get_stack(ctx, event->ustack, sizeof(event->ustack), BPF_F_USER_STACK);
		event->stack_id = bpf_get_stackid(ctx, &stackmap, BPF_F_FAST_STACK_CMP);
		bpf_ringbuf_submit(event, 0);
	}
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
