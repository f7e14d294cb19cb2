// Operations that no kernel has, beside a program that most can run.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct pm_nothing_ops {
	int (*answer)(int question);
};

struct step {
	__u64 number;
};

const struct step *unused __attribute__((unused));

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 64 * 1024);
} steps SEC(".maps");

SEC("struct_ops/answer")
int answer(__u64 *arguments)
{
	return 0;
}

SEC("struct_ops/alone")
int alone(__u64 *arguments)
{
	return 0;
}

SEC(".struct_ops")
struct pm_nothing_ops nothing = {
	.answer = (void *)answer,
};

SEC("raw_tp/sys_enter")
int entered(void *context)
{
	struct step told = { 1 };

	bpf_ringbuf_output(&steps, &told, sizeof(told), 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
