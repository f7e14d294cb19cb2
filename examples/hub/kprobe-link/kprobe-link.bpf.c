// SPDX-License-Identifier: MIT OR GPL-2.0-only
/// Tells which files are removed, by kprobe and kretprobe of do_unlinkat.
/// @details The path when do_unlinkat begins, and what it ends with (0, or the negated error). Where the kernel refuses kprobes, two
/// typed tracepoints that see every call are used, and of these unlink(2) and unlinkat(2) are told of. That costs a little at
/// every call of the system, and says the path as the caller gave it. rmdir by unlinkat(AT_REMOVEDIR) is told of only so.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
#include "kprobe-link.bpf.h"

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

#if defined(__TARGET_ARCH_x86)
#define UNLINK 87
#define UNLINKAT 263
#else
/* Most others have unlinkat alone. Source: asm-generic/unistd.h. */
#define UNLINK -1
#define UNLINKAT 35
#endif

/* What a thread is removing. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, unsigned int);
	__type(value, struct event);
} removing SEC(".maps");

/// @cmdarg {"short": "p"}
/// of this process only; 0: of all
const volatile int target_pid = 0;

static int begin(const char *path, _Bool is_user)
{
	unsigned long long id = bpf_get_current_pid_tgid();
	struct event told = { .pid = id >> 32 };
	unsigned int tid = id;

	if (target_pid && told.pid != target_pid)
		return 0;
	bpf_get_current_comm(told.comm, sizeof(told.comm));
	if (is_user)
		bpf_probe_read_user_str(told.path, sizeof(told.path), path);
	else
		bpf_probe_read_kernel_str(told.path, sizeof(told.path), path);
	bpf_map_update_elem(&removing, &tid, &told, BPF_ANY);
	return 0;
}

static int end(long ret)
{
	unsigned int tid = bpf_get_current_pid_tgid();
	struct event *told = bpf_map_lookup_elem(&removing, &tid);

	if (!told)
		return 0;
	told->ret = ret;
	bpf_ringbuf_output(&events, told, sizeof(*told), 0);
	bpf_map_delete_elem(&removing, &tid);
	return 0;
}

SEC("kprobe/do_unlinkat")
int BPF_KPROBE(on_enter, int directory, struct filename *name)
{
	return begin(BPF_CORE_READ(name, name), 0);
}

SEC("kretprobe/do_unlinkat")
int BPF_KRETPROBE(on_exit, long ret)
{
	return end(ret);
}

/* The same from the calls themselves. */
SEC("tp_btf/sys_enter")
int BPF_PROG(on_enter_call, struct pt_regs *regs, long id)
{
	if (id == UNLINKAT)
		return begin((const char *)PT_REGS_PARM2_CORE_SYSCALL(regs), 1);
	if (id == UNLINK)
		return begin((const char *)PT_REGS_PARM1_CORE_SYSCALL(regs), 1);
	return 0;
}

SEC("tp_btf/sys_exit")
int BPF_PROG(on_exit_call, struct pt_regs *regs, long ret)
{
	return end(ret);
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
