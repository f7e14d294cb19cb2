// Writes what it walks over as text.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct seq_file;

struct bpf_iter_meta {
	struct seq_file *seq;
	__u64 session_id;
	__u64 seq_num;
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

const volatile int target_pid = 0;

// Names of processes may hold anything.
static const char steering[] = "\x1b[31m\"end\"";

SEC("iter/task")
int tasks(struct bpf_iter__task *context)
{
	struct seq_file *seq = context->meta->seq;
	struct task_struct *task = context->task;

	if (context->meta->seq_num == 0)
		BPF_SEQ_PRINTF(seq, "PID\tCOMM\n");
	if (!task || (target_pid && task->tgid != target_pid) || task->pid != task->tgid)
		return 0;
	BPF_SEQ_PRINTF(seq, "%d\t%s %s\n", task->tgid, task->comm, steering);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
