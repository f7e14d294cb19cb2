// SPDX-License-Identifier: MIT OR GPL-2.0-only
/// Tells which addresses and ports sockets are bound to.
/// @details Every bind of an IPv4 or IPv6 socket, whether it succeeds or not. The first choice is the kernel's own function for every
/// bind (a kprobe). Where the kernel has no kprobes, the tracepoint of bind(2) is used; it does not see binds that io_uring
/// makes, and needs tracefs, which pm mounts.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_endian.h>
#include "bindsnoop.bpf.h"

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

/// @cmdarg {"short": "p"}
/// of this process only; 0: of all
const volatile int target_pid = 0;

/// @cmdarg {"short": "P"}
/// this port only; 0: all
const volatile unsigned short target_port = 0;

/// tell of sockets that are neither IPv4 nor IPv6, too
const volatile _Bool all_families = 0;

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

/* As ::ffff:192.0.2.1, so that both kinds are told in 16 bytes (RFC 4291, 2.5.5.2). */
static void map_ipv4(unsigned char *to, void *from)
{
	to[10] = to[11] = 0xff;
	__builtin_memcpy(to + 12, from, 4);
}

static int tell(union address *address)
{
	unsigned short family = address->any.sa_family, port = 0;
	int pid = bpf_get_current_pid_tgid() >> 32;
	struct event *e;

	if (family == FAMILY_IPV4)
		port = bpf_ntohs(address->v4.sin_port);
	else if (family == FAMILY_IPV6)
		port = bpf_ntohs(address->v6.sin6_port);
	else if (!all_families)
		return 0;
	if ((target_pid && pid != target_pid) || (target_port && port != target_port))
		return 0;
	e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);
	if (!e)
		return 0;
	__builtin_memset(e, 0, sizeof(*e));
	e->pid = pid;
	e->uid = bpf_get_current_uid_gid();
	e->family = family;
	e->port = port;
	bpf_get_current_comm(e->comm, sizeof(e->comm));
	if (family == FAMILY_IPV4)
		map_ipv4(e->addr, &address->v4.sin_addr);
	else if (family == FAMILY_IPV6)
		__builtin_memcpy(e->addr, &address->v6.sin6_addr, 16);
	bpf_ringbuf_submit(e, 0);
	return 0;
}

/* Called for every bind, with the address in the kernel's memory. */
SEC("kprobe/security_socket_bind")
int BPF_KPROBE(on_bind, struct socket *socket, struct sockaddr *to, int length)
{
	union address address = {};

	bpf_probe_read_kernel(&address, length < (int)sizeof(address) ? sizeof(struct sockaddr) : sizeof(address), to);
	return tell(&address);
}

/* The call itself, with the address in the caller's memory. */
SEC("tracepoint/syscalls/sys_enter_bind")
int on_bind_call(struct trace_event_raw_sys_enter *context)
{
	union address address = {};

	bpf_probe_read_user(&address, context->args[2] < sizeof(address) ? sizeof(struct sockaddr) : sizeof(address), (void *)context->args[1]);
	return tell(&address);
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
