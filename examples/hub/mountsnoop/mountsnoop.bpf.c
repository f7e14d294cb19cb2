// SPDX-License-Identifier: MIT OR GPL-2.0-only
/// Tells what is mounted and unmounted, and with what result.
/// @details The calls mount(2) and umount2(2), with what they were asked and `ret`, 0 or the negated error. The newer calls
/// (fsmount, move_mount) are not told of. Needs tracefs, which pm mounts.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include "mountsnoop.bpf.h"

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

struct mounting {
	enum mount_call call;
	unsigned long long flags;
	const char *type;
	const char *source;
	const char *target;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, unsigned int);
	__type(value, struct mounting);
} requests SEC(".maps");

/// @cmdarg {"short": "p"}
/// of this process only; 0: of all
const volatile int target_pid = 0;

static int begin(struct mounting *request)
{
	unsigned long long id = bpf_get_current_pid_tgid();
	unsigned int tid = id;

	if (!target_pid || (int)(id >> 32) == target_pid)
		bpf_map_update_elem(&requests, &tid, request, BPF_ANY);
	return 0;
}

static int end(long ret)
{
	unsigned long long id = bpf_get_current_pid_tgid();
	unsigned int tid = id;
	struct mounting *request = bpf_map_lookup_elem(&requests, &tid);
	struct event *e;

	if (!request)
		return 0;
	e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);
	if (e) {
		__builtin_memset(e, 0, sizeof(*e));
		e->pid = id >> 32;
		e->call = request->call;
		e->ret = ret;
		e->flags = request->flags;
		bpf_get_current_comm(e->comm, sizeof(e->comm));
		bpf_probe_read_user_str(e->type, sizeof(e->type), request->type);
		bpf_probe_read_user_str(e->source, sizeof(e->source), request->source);
		bpf_probe_read_user_str(e->target, sizeof(e->target), request->target);
		bpf_ringbuf_submit(e, 0);
	}
	bpf_map_delete_elem(&requests, &tid);
	return 0;
}

SEC("tracepoint/syscalls/sys_enter_mount")
int on_mount(struct trace_event_raw_sys_enter *context)
{
	struct mounting request = {
		.call = CALL_MOUNT,
		.source = (const char *)context->args[0],
		.target = (const char *)context->args[1],
		.type = (const char *)context->args[2],
		.flags = context->args[3],
	};

	return begin(&request);
}

SEC("tracepoint/syscalls/sys_enter_umount")
int on_umount(struct trace_event_raw_sys_enter *context)
{
	struct mounting request = {
		.call = CALL_UMOUNT,
		.target = (const char *)context->args[0],
		.flags = context->args[1],
	};

	return begin(&request);
}

SEC("tracepoint/syscalls/sys_exit_mount")
int on_mount_end(struct trace_event_raw_sys_exit *context)
{
	return end(context->ret);
}

SEC("tracepoint/syscalls/sys_exit_umount")
int on_umount_end(struct trace_event_raw_sys_exit *context)
{
	return end(context->ret);
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
