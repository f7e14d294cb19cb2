// What becomes of TCP connections, as tcpstates tells it.
#include "oracle.h"

enum state {
	ESTABLISHED = 1,
	SYN_SENT,
	SYN_RECV,
	FIN_WAIT1,
	FIN_WAIT2,
	TIME_WAIT,
	CLOSE,
	CLOSE_WAIT,
	LAST_ACK,
	LISTEN,
	CLOSING,
	NEW_SYN_RECV,
};

enum { TCP = 6 };

struct event {
	u64 socket;
	u32 pid;
	enum state old;
	enum state new;
	u16 local_port;
	u16 remote_port;
	char comm[16];
	u8 local[4];
	u8 remote[4];
};

const struct event *unused __attribute__((unused));

/// As tracefs describes sock/inet_sock_set_state.
struct changed {
	u64 common;
	u64 socket;
	u32 old;
	u32 new;
	u16 local_port;
	u16 remote_port;
	u16 family;
	u16 protocol;
	u8 local[4];
	u8 remote[4];
};

struct {
	ARRAY(type, RING_BUFFER);
	ARRAY(max_entries, 1 << 20);
} events SEC(".maps");

SEC("tracepoint/sock/inet_sock_set_state") int change(struct changed *c)
{
	struct event e = {};
	if (c->protocol != TCP)
		return 0;
	e.socket = c->socket;
	e.pid = thread_and_process() >> 32;
	e.old = c->old;
	e.new = c->new;
	e.local_port = c->local_port;
	e.remote_port = c->remote_port;
	name_of_thread(e.comm, sizeof(e.comm));
	__builtin_memcpy(e.local, c->local, 4);
	__builtin_memcpy(e.remote, c->remote, 4);
	tell(&events, &e, sizeof(e), 0);
	return 0;
}
