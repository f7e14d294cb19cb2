// SPDX-License-Identifier: MIT OR GPL-2.0-only
/// Tells which directories are made and removed: a template with a flag, a counter and an event.
/// @details To be copied: it has what most tools have, an event with an enumeration and texts, a flag with a letter and its help, a map
/// that counts. Needs tracefs, which pm mounts. Where an architecture has no call of a name (arm64 has no mkdir), that program
/// is left out with a warning.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include "template.bpf.h"

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

/// Counts what was told, by user.
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, unsigned int);
	__type(value, unsigned long);
} told SEC(".maps");

/// @cmdarg {"short": "p"}
/// tell of this process only; 0: of all
const volatile int target_pid = 0;

static int tell(enum dir_action action, const char *path)
{
	unsigned int uid = bpf_get_current_uid_gid();
	int pid = bpf_get_current_pid_tgid() >> 32;
	unsigned long one = 1, *count;
	struct event *e;

	if (target_pid && pid != target_pid)
		return 0;
	count = bpf_map_lookup_elem(&told, &uid);
	if (count)
		__sync_fetch_and_add(count, 1);
	else
		bpf_map_update_elem(&told, &uid, &one, BPF_NOEXIST);
	e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);
	if (!e)
		return 0;
	e->pid = pid;
	e->uid = uid;
	e->action = action;
	bpf_get_current_comm(e->comm, sizeof(e->comm));
	e->path[0] = 0;
	bpf_probe_read_user_str(e->path, sizeof(e->path), path);
	bpf_ringbuf_submit(e, 0);
	return 0;
}

SEC("tracepoint/syscalls/sys_enter_mkdirat")
int on_mkdirat(struct trace_event_raw_sys_enter *context)
{
	return tell(DIR_MADE, (const char *)context->args[1]);
}

SEC("tracepoint/syscalls/sys_enter_mkdir")
int on_mkdir(struct trace_event_raw_sys_enter *context)
{
	return tell(DIR_MADE, (const char *)context->args[0]);
}

SEC("tracepoint/syscalls/sys_enter_rmdir")
int on_rmdir(struct trace_event_raw_sys_enter *context)
{
	return tell(DIR_REMOVED, (const char *)context->args[0]);
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
