// Stacks as profilers keep them: of one process, named by the keys of what counts them, and in events.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define DEPTH 16

const volatile int pid = 0;

struct caller {
	unsigned int pid;
	int user_stack_id;
	int kern_stack_id;
};

struct event {
	unsigned int pid;
	int kstack_sz;
	int ustack_sz;
	unsigned long long kstack[DEPTH];
	unsigned long long ustack[DEPTH];
};

struct {
	__uint(type, BPF_MAP_TYPE_STACK_TRACE);
	__uint(key_size, sizeof(int));
	__uint(value_size, 8 * DEPTH);
	__uint(max_entries, 1024);
} stacks SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, struct caller);
	__type(value, unsigned long long);
	__uint(max_entries, 1024);
} counts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 16);
} events SEC(".maps");

const struct event *unused __attribute__((unused));

SEC("raw_tp/sys_enter")
int called(void *ctx)
{
	struct caller caller = {.pid = bpf_get_current_pid_tgid() >> 32};
	unsigned long long one = 1, *count;
	struct event *event;

	if (caller.pid != pid)
		return 0;
	caller.user_stack_id = bpf_get_stackid(ctx, &stacks, BPF_F_USER_STACK);
	caller.kern_stack_id = bpf_get_stackid(ctx, &stacks, 0);
	count = bpf_map_lookup_elem(&counts, &caller);
	if (count)
		__sync_fetch_and_add(count, 1);
	else
		bpf_map_update_elem(&counts, &caller, &one, BPF_ANY);

	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event)
		return 0;
	event->pid = caller.pid;
	event->kstack_sz = bpf_get_stack(ctx, event->kstack, sizeof(event->kstack), 0);
	event->ustack_sz = bpf_get_stack(ctx, event->ustack, sizeof(event->ustack), BPF_F_USER_STACK);
	bpf_ringbuf_submit(event, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
