// Signals that are sent, as sigsnoop tells them.
#include "oracle.h"

struct event {
	u32 pid;
	int signal;
	int target;
	int result;
	char comm[16];
};

const struct event *unused __attribute__((unused));

struct {
	ARRAY(type, RING_BUFFER);
	ARRAY(max_entries, 1 << 20);
} events SEC(".maps");

struct {
	ARRAY(type, HASH);
	ARRAY(max_entries, 10240);
	u64 *key;
	struct event *value;
} begun SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_kill") int begin(struct entered *call)
{
	u64 id = thread_and_process();
	struct event e = { .pid = id >> 32, .target = call->arguments[0], .signal = call->arguments[1] };
	put(&begun, &id, &e, 0);
	return 0;
}

SEC("tracepoint/syscalls/sys_exit_kill") int end(struct returned *call)
{
	u64 id = thread_and_process();
	struct event *e = find(&begun, &id);
	if (!e)
		return 0;
	e->result = call->result;
	name_of_thread(e->comm, sizeof(e->comm));
	tell(&events, e, sizeof(*e), 0);
	drop(&begun, &id);
	return 0;
}
