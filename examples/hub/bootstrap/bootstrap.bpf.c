// SPDX-License-Identifier: MIT OR GPL-2.0-only
/// Tells when processes start and end, how long they ran and what they ended with.
/// @details One event when a process starts a program (`ended` false, with the file), one when it ends (with its exit code and how long
/// the program ran; 0 where it started before). Threads are not told of. No tracefs is needed.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
#include "bootstrap.bpf.h"

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

/// When each process started.
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8192);
	__type(key, int);
	__type(value, unsigned long long);
} started SEC(".maps");

/// @cmdarg {"short": "d"}
/// tell only of processes that ran at least so many milliseconds
const volatile unsigned long long min_duration_ms = 0;

static struct event *reserve(struct task_struct *task, int pid)
{
	struct event *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);

	if (!e)
		return 0;
	__builtin_memset(e, 0, sizeof(*e));
	e->pid = pid;
	e->ppid = BPF_CORE_READ(task, real_parent, tgid);
	bpf_get_current_comm(e->comm, sizeof(e->comm));
	return e;
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(on_exec, struct task_struct *task, int old_pid, struct linux_binprm *bprm)
{
	int pid = bpf_get_current_pid_tgid() >> 32;
	unsigned long long now = bpf_ktime_get_ns();
	struct event *e;

	bpf_map_update_elem(&started, &pid, &now, BPF_ANY);
	if (min_duration_ms)
		return 0;
	e = reserve(task, pid);
	if (!e)
		return 0;
	bpf_probe_read_kernel_str(e->filename, sizeof(e->filename), BPF_CORE_READ(bprm, filename));
	bpf_ringbuf_submit(e, 0);
	return 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(on_exit, struct task_struct *task)
{
	unsigned long long id = bpf_get_current_pid_tgid(), *start, duration = 0;
	int pid = id >> 32;
	struct event *e;

	/* A thread ends; the process goes on. */
	if (pid != (int)id)
		return 0;
	start = bpf_map_lookup_elem(&started, &pid);
	if (start)
		duration = bpf_ktime_get_ns() - *start;
	bpf_map_delete_elem(&started, &pid);
	if (min_duration_ms && (!start || duration < min_duration_ms * 1000000))
		return 0;
	e = reserve(task, pid);
	if (!e)
		return 0;
	e->ended = 1;
	e->duration_ns = duration;
	e->exit_code = (BPF_CORE_READ(task, exit_code) >> 8) & 0xff;
	bpf_ringbuf_submit(e, 0);
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
