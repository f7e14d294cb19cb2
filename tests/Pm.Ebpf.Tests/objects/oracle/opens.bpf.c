// Files that are opened, as opensnoop tells them.
#include "oracle.h"

struct event {
	u32 pid;
	int result;
	char comm[16];
	char path[256];
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
	u64 *value;
} paths SEC(".maps");

struct {
	ARRAY(type, PER_CPU_ARRAY);
	ARRAY(max_entries, 1);
	u32 *key;
	struct event *value;
} scratch SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_openat") int begin(struct entered *call)
{
	u64 id = thread_and_process(), path = call->arguments[1];
	put(&paths, &id, &path, 0);
	return 0;
}

SEC("tracepoint/syscalls/sys_exit_openat") int end(struct returned *call)
{
	u64 id = thread_and_process(), *path = find(&paths, &id);
	u32 first = 0;
	struct event *e = find(&scratch, &first);
	if (!path || !e)
		return 0;
	e->pid = id >> 32;
	e->result = call->result;
	name_of_thread(e->comm, sizeof(e->comm));
	e->path[0] = 0;
	read_user_text(e->path, sizeof(e->path), (void *)*path);
	drop(&paths, &id);
	tell(&events, e, sizeof(*e), 0);
	return 0;
}
