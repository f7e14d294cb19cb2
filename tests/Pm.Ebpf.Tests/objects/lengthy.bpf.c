// Writes more text for each thread than half of what a pipe holds, beside a program that is at a hook meanwhile.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#define LINES 300

struct seq_file;

struct bpf_iter_meta {
	struct seq_file *seq;
} __attribute__((preserve_access_index));

struct task_struct {
	int pid;
} __attribute__((preserve_access_index));

struct bpf_iter__task {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
} __attribute__((preserve_access_index));

SEC("iter/task")
int tasks(struct bpf_iter__task *context)
{
	struct seq_file *seq = context->meta->seq;
	struct task_struct *task = context->task;

	if (!task)
		return 0;
	for (int line = 0; line < LINES; line++)
		BPF_SEQ_PRINTF(seq, "%d: one line of the many that are written of each thread, whoever may read them: %d\n", task->pid, line);
	return 0;
}

SEC("raw_tp/sys_enter")
int entered(void *context)
{
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
