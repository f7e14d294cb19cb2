// Writes what it walks over as records, not as text.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct seq_file;

struct bpf_iter_meta {
	struct seq_file *seq;
} __attribute__((preserve_access_index));

struct task_struct {
	int pid;
	int tgid;
	char comm[16];
} __attribute__((preserve_access_index));

struct bpf_iter__task {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
} __attribute__((preserve_access_index));

struct told {
	int pid;
	int tid;
	char comm[16];
};

const struct told *unused __attribute__((unused));

const volatile int target_pid = 0;

SEC("iter/task")
int tasks(struct bpf_iter__task *context)
{
	struct task_struct *task = context->task;
	struct told told = {};

	if (!task || (target_pid && task->tgid != target_pid))
		return 0;
	told.pid = task->tgid;
	told.tid = task->pid;
	bpf_probe_read_kernel_str(told.comm, sizeof(told.comm), task->comm);
	bpf_seq_write(context->meta->seq, &told, sizeof(told));
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
