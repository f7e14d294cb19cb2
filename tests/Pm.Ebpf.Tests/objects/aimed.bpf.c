// Programs at hooks that few kernels have all of, and whose sections do not say which: their user does.
#define __VMLINUX_H__
#include <stdbool.h>
#include <linux/types.h>
#include <linux/bpf.h>

// What a kernel of x86-64 keeps of a processor; where it has which, the kernel's types say.
struct pt_regs {
	unsigned long r15, r14, r13, r12, bp, bx, r11, r10, r9, r8, ax, cx, dx, si, di, orig_ax, ip, cs, flags, sp, ss;
} __attribute__((preserve_access_index));

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>
#include <bpf/usdt.bpf.h>

enum way { WAY_MARKED = 1, WAY_MANY, WAY_MANY_DONE, WAY_CALLED, WAY_CALL_DONE, WAY_LEFT, WAY_CHANGED, WAY_DECIDED };

#define NOT_PERMITTED (-1)

struct reached {
	enum way way;
	__s64 value;
	char comm[16];
};

const struct reached *unused __attribute__((unused));

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 64 * 1024);
} events SEC(".maps");

static __always_inline int tell(enum way way, __s64 value)
{
	struct reached told = { .way = way, .value = value };

	bpf_get_current_comm(told.comm, sizeof(told.comm));
	bpf_ringbuf_output(&events, &told, sizeof(told), 0);
	return 0;
}

// What is asked by a process called "refused" is refused.
static __always_inline int refuse(enum way way)
{
	char comm[16] = {};
	const char refused[] = "refused";

	bpf_get_current_comm(comm, sizeof(comm));
	for (int i = 0; i < sizeof(refused); i++)
		if (comm[i] != refused[i])
			return 0;
	tell(way, NOT_PERMITTED);
	return NOT_PERMITTED;
}

SEC("usdt")
int marked(struct pt_regs *context)
{
	long value = 0;

	bpf_usdt_arg(context, 0, &value);
	return tell(WAY_MARKED, value);
}

SEC("kprobe.multi")
int many(struct pt_regs *context)
{
	return tell(WAY_MANY, 0);
}

SEC("kretprobe.multi")
int many_done(struct pt_regs *context)
{
	return tell(WAY_MANY_DONE, PT_REGS_RC_CORE(context));
}

SEC("ksyscall")
int BPF_KSYSCALL(called, int directory, const char *path, int flags)
{
	return tell(WAY_CALLED, flags);
}

SEC("kretsyscall")
int call_done(struct pt_regs *context)
{
	return tell(WAY_CALL_DONE, PT_REGS_RC_CORE(context));
}

SEC("fexit")
int left(__u64 *context)
{
	__u64 value = 0;

	bpf_get_func_ret(context, &value);
	return tell(WAY_LEFT, (int)value);
}

SEC("fmod_ret")
int changed(__u64 *context)
{
	return refuse(WAY_CHANGED);
}

SEC("lsm")
int decided(__u64 *context)
{
	return refuse(WAY_DECIDED);
}

char LICENSE[] SEC("license") = "GPL";
