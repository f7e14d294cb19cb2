#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u64);
	__type(value, __u64);
} counts SEC(".maps");

SEC("uprobe//bin/sh:main")
int BPF_UPROBE(enter, int argc)
{
	__u64 key = argc, one = 1;
	bpf_map_update_elem(&counts, &key, &one, BPF_ANY);
	return 0;
}

SEC("uretprobe//bin/sh:main")
int BPF_URETPROBE(leave, int ret)
{
	bpf_printk("ended with %d", ret);
	return 0;
}

SEC("kprobe/do_unlinkat")
int handle(struct pt_regs *ctx)
{
	__u64 key = PT_REGS_PARM1(ctx), one = 1;
	bpf_map_update_elem(&counts, &key, &one, BPF_ANY);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
