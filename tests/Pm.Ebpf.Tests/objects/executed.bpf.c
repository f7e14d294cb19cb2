// Tells of programs that are started: a typed tracepoint, members of the kernel's types (CO-RE), a perf buffer, a type known by its size.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

struct task_struct___flavour {
	int pid;
	int tgid;
	struct task_struct___flavour *real_parent;
} __attribute__((preserve_access_index));

struct started {
	int pid;
	int parent;
	char comm[16];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, sizeof(int));
	__uint(value_size, sizeof(int));
} starts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, int);
	__type(value, struct started);
} scratch SEC(".maps");

SEC("tp_btf/sched_process_exec")
int executed(__u64 *ctx)
{
	struct task_struct___flavour *task = (void *)ctx[0];
	struct started *started;
	int zero = 0;

	started = bpf_map_lookup_elem(&scratch, &zero);
	if (!started)
		return 0;
	started->pid = task->tgid;
	started->parent = task->real_parent->tgid;
	bpf_get_current_comm(started->comm, sizeof(started->comm));
	bpf_perf_event_output(ctx, &starts, BPF_F_CURRENT_CPU, started, sizeof(*started));
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
