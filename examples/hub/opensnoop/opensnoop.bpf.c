// SPDX-License-Identifier: MIT OR GPL-2.0-only
/// Tells which files are opened, by whom, and with what result.
/// @details `ret` is the file descriptor, or the negated error; `flags` are those of open(2). The name is read when the call ends,
/// since by then its page is there. Needs tracefs, which pm mounts. Where an architecture has no open (arm64), that pair is
/// left out with a warning.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include "opensnoop.bpf.h"

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

struct open_call {
	const char *fname;
	int flags;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, unsigned int);
	__type(value, struct open_call);
} calls SEC(".maps");

/// @cmdarg {"short": "p"}
/// of this process only; 0: of all
const volatile int target_pid = 0;

/// @cmdarg {"short": "u"}
/// of this user only; -1: of all
const volatile int target_uid = -1;

/// @cmdarg {"short": "x"}
/// only what failed
const volatile _Bool failed_only = 0;

static int begin(const char *fname, int flags)
{
	unsigned long long id = bpf_get_current_pid_tgid();
	struct open_call call = { .fname = fname, .flags = flags };
	unsigned int tid = id;

	if (target_pid && (int)(id >> 32) != target_pid)
		return 0;
	if (target_uid >= 0 && (int)bpf_get_current_uid_gid() != target_uid)
		return 0;
	bpf_map_update_elem(&calls, &tid, &call, BPF_ANY);
	return 0;
}

static int end(long ret)
{
	unsigned long long id = bpf_get_current_pid_tgid();
	unsigned int tid = id;
	struct open_call *call = bpf_map_lookup_elem(&calls, &tid);
	struct event *e;

	if (!call)
		return 0;
	if (failed_only && ret >= 0)
		goto done;
	e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);
	if (!e)
		goto done;
	e->pid = id >> 32;
	e->uid = bpf_get_current_uid_gid();
	e->ret = ret;
	e->flags = call->flags;
	bpf_get_current_comm(e->comm, sizeof(e->comm));
	e->fname[0] = 0;
	bpf_probe_read_user_str(e->fname, sizeof(e->fname), call->fname);
	bpf_ringbuf_submit(e, 0);
done:
	bpf_map_delete_elem(&calls, &tid);
	return 0;
}

SEC("tracepoint/syscalls/sys_enter_open")
int on_open(struct trace_event_raw_sys_enter *context)
{
	return begin((const char *)context->args[0], context->args[1]);
}

SEC("tracepoint/syscalls/sys_enter_openat")
int on_openat(struct trace_event_raw_sys_enter *context)
{
	return begin((const char *)context->args[1], context->args[2]);
}

SEC("tracepoint/syscalls/sys_exit_open")
int on_open_end(struct trace_event_raw_sys_exit *context)
{
	return end(context->ret);
}

SEC("tracepoint/syscalls/sys_exit_openat")
int on_openat_end(struct trace_event_raw_sys_exit *context)
{
	return end(context->ret);
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
