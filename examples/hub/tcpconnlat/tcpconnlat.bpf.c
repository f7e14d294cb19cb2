// SPDX-License-Identifier: MIT OR GPL-2.0-only
/// Tells how long TCP connections take to be made.
/// @details The time from connect to the answer of the other side, in microseconds. The first choice are three functions of the kernel
/// (fentry). Where it refuses those, the typed tracepoint of changes of a socket's state tells the same; with the functions an
/// answer that refuses the connection counts, too, with the tracepoint it does not.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_endian.h>
#include "tcpconnlat.bpf.h"

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

#define AF_INET 2

struct connect_attempt {
	unsigned long long began;
	int pid;
	char comm[16];
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, struct sock *);
	__type(value, struct connect_attempt);
} attempts SEC(".maps");

/// @cmdarg {"short": "p"}
/// of this process only; 0: of all
const volatile int target_pid = 0;

/// @cmdarg {"short": "m"}
/// only those that took at least so many microseconds
const volatile unsigned long long min_us = 0;

static int begin(struct sock *sk)
{
	struct connect_attempt attempt = { .began = bpf_ktime_get_ns(), .pid = bpf_get_current_pid_tgid() >> 32 };

	if (target_pid && attempt.pid != target_pid)
		return 0;
	bpf_get_current_comm(attempt.comm, sizeof(attempt.comm));
	bpf_map_update_elem(&attempts, &sk, &attempt, BPF_ANY);
	return 0;
}

/* As ::ffff:192.0.2.1, so that both kinds are told in 16 bytes (RFC 4291, 2.5.5.2). */
static void map_ipv4(unsigned char *to, void *from)
{
	to[10] = to[11] = 0xff;
	__builtin_memcpy(to + 12, from, 4);
}

static int made(struct sock *sk)
{
	struct connect_attempt *attempt = bpf_map_lookup_elem(&attempts, &sk);
	unsigned long long delta;
	struct event *e;

	if (!attempt)
		return 0;
	delta = (bpf_ktime_get_ns() - attempt->began) / 1000;
	if (delta < min_us)
		goto done;
	e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);
	if (!e)
		goto done;
	__builtin_memset(e, 0, sizeof(*e));
	e->pid = attempt->pid;
	e->delta_us = delta;
	__builtin_memcpy(e->comm, attempt->comm, sizeof(e->comm));
	e->family = BPF_CORE_READ(sk, __sk_common.skc_family);
	e->lport = BPF_CORE_READ(sk, __sk_common.skc_num);
	e->dport = bpf_ntohs(BPF_CORE_READ(sk, __sk_common.skc_dport));
	if (e->family == AF_INET) {
		unsigned int from = BPF_CORE_READ(sk, __sk_common.skc_rcv_saddr), to = BPF_CORE_READ(sk, __sk_common.skc_daddr);

		map_ipv4(e->saddr, &from);
		map_ipv4(e->daddr, &to);
	} else {
		BPF_CORE_READ_INTO(&e->saddr, sk, __sk_common.skc_v6_rcv_saddr.in6_u.u6_addr8);
		BPF_CORE_READ_INTO(&e->daddr, sk, __sk_common.skc_v6_daddr.in6_u.u6_addr8);
	}
	bpf_ringbuf_submit(e, 0);
done:
	bpf_map_delete_elem(&attempts, &sk);
	return 0;
}

SEC("fentry/tcp_v4_connect")
int BPF_PROG(on_connect4, struct sock *sk)
{
	return begin(sk);
}

SEC("fentry/tcp_v6_connect")
int BPF_PROG(on_connect6, struct sock *sk)
{
	return begin(sk);
}

/* The answer to the first packet has come. */
SEC("fentry/tcp_rcv_state_process")
int BPF_PROG(on_answer, struct sock *sk)
{
	return BPF_CORE_READ(sk, __sk_common.skc_state) == TCP_SYN_SENT ? made(sk) : 0;
}

/* The same from the changes of state: one program for both. */
SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(on_state, const struct sock *sk, int before, int after)
{
	if (BPF_CORE_READ(sk, sk_protocol) != IPPROTO_TCP)
		return 0;
	if (after == TCP_SYN_SENT)
		return begin((struct sock *)sk);
	if (before == TCP_SYN_SENT && after == TCP_ESTABLISHED)
		return made((struct sock *)sk);
	if (after == TCP_CLOSE)
		bpf_map_delete_elem(&attempts, &sk);
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
