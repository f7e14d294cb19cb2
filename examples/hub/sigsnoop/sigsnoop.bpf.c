// SPDX-License-Identifier: MIT OR GPL-2.0-only
/// Tells which signals are sent, by whom and to whom.
/// @details `result` is 0 when the signal was delivered, 1 when it is ignored, 2 when it was pending already, 3 and 4 when it was lost.
/// Signals of the kernel (SIGCHLD, SIGSEGV) are told of with the process that runs. No tracefs is needed.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
#include "sigsnoop.bpf.h"

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

/// @cmdarg {"short": "p"}
/// sent by this process only; 0: by all
const volatile int sender_pid = 0;

/// @cmdarg {"short": "s", "reading": "signal"}
/// this signal only; 0: all
const volatile int target_signal = 0;

SEC("tp_btf/signal_generate")
int BPF_PROG(on_signal, int sig, struct kernel_siginfo *info, struct task_struct *task, int group, int result)
{
	int pid = bpf_get_current_pid_tgid() >> 32;
	struct event *e;

	if ((sender_pid && pid != sender_pid) || (target_signal && sig != target_signal))
		return 0;
	e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);
	if (!e)
		return 0;
	e->pid = pid;
	e->target = BPF_CORE_READ(task, tgid);
	e->sig = sig;
	e->result = result;
	bpf_get_current_comm(e->comm, sizeof(e->comm));
	bpf_probe_read_kernel_str(e->target_comm, sizeof(e->target_comm), task->comm);
	bpf_ringbuf_submit(e, 0);
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
