// SPDX-License-Identifier: MIT OR GPL-2.0-only
/// Keeps programs from connecting to an IPv4 address, and tells who tried.
/// @details While it runs, connect(2) to the address fails with EPERM, and each try is told of. It ends with pm. The first choice is a
/// hook of the security module `bpf`, which has to be among those that the kernel was booted with (`lsm=...,bpf`). Where the
/// kernel refuses that, a program of a control group does the same to all that run in it: `--cgroup /sys/fs/cgroup` names it,
/// and needs cgroup v2.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_endian.h>
#include "lsm-connect.bpf.h"

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

#define AF_INET 2
#define EPERM 1

/// @cmdarg {"short": "a", "reading": "ip"}
/// the address that nobody is to reach
const volatile unsigned int blocked = 0x01010101;

static _Bool refuses(unsigned int address, unsigned short port)
{
	struct event *e;

	if (address != blocked)
		return 0;
	e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);
	if (e) {
		e->pid = bpf_get_current_pid_tgid() >> 32;
		e->uid = bpf_get_current_uid_gid();
		e->port = bpf_ntohs(port);
		__builtin_memcpy(e->addr, &address, 4);
		bpf_get_current_comm(e->comm, sizeof(e->comm));
		bpf_ringbuf_submit(e, 0);
	}
	return 1;
}

SEC("lsm/socket_connect")
int BPF_PROG(on_connect, struct socket *socket, struct sockaddr *address, int length, int ret)
{
	struct sockaddr_in to;

	/* What another module refused stays refused. */
	if (ret || length < (int)sizeof(to) || address->sa_family != AF_INET)
		return ret;
	if (bpf_probe_read_kernel(&to, sizeof(to), address))
		return 0;
	return refuses(to.sin_addr.s_addr, to.sin_port) ? -EPERM : 0;
}

/* The same for the processes of a control group. */
SEC("cgroup/connect4")
int on_connect4(struct bpf_sock_addr *context)
{
	return !refuses(context->user_ip4, context->user_port);
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
