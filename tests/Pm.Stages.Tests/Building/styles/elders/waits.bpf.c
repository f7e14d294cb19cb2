/* Written for kernels of two ages: what this one's types have no more stands behind a question. */
#include <vmlinux.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

struct task_struct___younger {
	unsigned int __state;
} __attribute__((preserve_access_index));

struct bio___younger {
	struct block_device *bi_bdev;
} __attribute__((preserve_access_index));

long states, disks;

SEC("tp_btf/sched_process_exit")
int BPF_PROG(on_exit, struct task_struct *task)
{
	struct task_struct___younger *younger = (void *)task;

	states = bpf_core_field_exists(younger->__state) ? BPF_CORE_READ(younger, __state) : BPF_CORE_READ(task, state);
	return 0;
}

SEC("raw_tp/block_bio_complete")
int on_bio(struct bpf_raw_tracepoint_args *ctx)
{
	struct bio *bio = (void *)ctx->args[1];
	struct bio___younger *younger = (void *)bio;
	struct gendisk *disk = bpf_core_field_exists(younger->bi_bdev) ? BPF_CORE_READ(younger, bi_bdev, bd_disk) : BPF_CORE_READ(bio, bi_disk);

	if (disk)
		disks++;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
