// Programs each of which is for many functions at once, of the kernel or of a file: by their sections, or as their user says.
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

enum way { WAY_BEGUN = 1, WAY_DONE, WAY_BOTH, WAY_PLACED, WAY_PLACED_DONE, WAY_OF_FILE, WAY_OF_FILE_DONE, WAY_WAITING };

struct met {
	enum way way;
	__s64 value;
	char comm[16];
};

const struct met *unused __attribute__((unused));

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 64 * 1024);
} meetings SEC(".maps");

static __always_inline int tell(enum way way, __s64 value)
{
	struct met told = { .way = way, .value = value };

	bpf_get_current_comm(told.comm, sizeof(told.comm));
	bpf_ringbuf_output(&meetings, &told, sizeof(told), 0);
	return 0;
}

// Of all that begin so only some may be traced: what is called at the kernel's start alone is not there any more.
SEC("kprobe.multi/vfs_rm*")
int begun(struct pt_regs *context)
{
	return tell(WAY_BEGUN, 0);
}

SEC("kretprobe.multi/vfs_rmdi?")
int done(struct pt_regs *context)
{
	return tell(WAY_DONE, (int)PT_REGS_RC_CORE(context));
}

// It is called when the function begins and, where it says 0 then, when it ends.
SEC("kprobe.session/vfs_rm*")
int both(struct pt_regs *context)
{
	return tell(WAY_BOTH, 0);
}

SEC("kprobe.multi")
int placed(struct pt_regs *context)
{
	return tell(WAY_PLACED, 0);
}

SEC("kretprobe.multi")
int placed_done(struct pt_regs *context)
{
	return tell(WAY_PLACED_DONE, (int)PT_REGS_RC_CORE(context));
}

SEC("uprobe.multi")
int of_file(struct pt_regs *context)
{
	return tell(WAY_OF_FILE, PT_REGS_PARM1_CORE(context));
}

SEC("uretprobe.multi")
int of_file_done(struct pt_regs *context)
{
	return tell(WAY_OF_FILE_DONE, (int)PT_REGS_RC_CORE(context));
}

SEC("uprobe.multi.s")
int waiting(struct pt_regs *context)
{
	char text[1] = {};

	// Only a program that may wait may ask for this.
	bpf_copy_from_user(text, sizeof(text), (void *)PT_REGS_SP_CORE(context));
	return tell(WAY_WAITING, PT_REGS_PARM1_CORE(context));
}

SEC("uprobe.session")
int both_of_file(struct pt_regs *context)
{
	return tell(WAY_OF_FILE, 0);
}

char LICENSE[] SEC("license") = "GPL";
