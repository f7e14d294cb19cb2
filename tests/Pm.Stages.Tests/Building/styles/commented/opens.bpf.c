/// @description "Trace open family syscalls"
#include <vmlinux.h>
#include <bpf/bpf_helpers.h>
#include "opens.h"

/// Process ID to trace
const volatile int pid_target = 0;
/// @cmdarg {"default": false, "long": "failed-only", "short": "f"}
const volatile bool failed = false;

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 18);
} events SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_openat")
int trace_open(struct trace_event_raw_sys_enter *ctx)
{
	struct event *e;
	if (pid_target && pid_target != bpf_get_current_pid_tgid() >> 32)
		return false;
	e = bpf_ringbuf_reserve(&events, sizeof(struct event), 0);
	if (!e)
		return 0;
	e->pid = bpf_get_current_pid_tgid() >> 32;
	e->flags = failed ? 0 : (int)ctx->args[2];
	e->ts = bpf_ktime_get_ns();
	bpf_ringbuf_submit(e, 0);
	return 0;
}

/// "Trace open family syscalls."
char LICENSE[] SEC("license") = "GPL";
