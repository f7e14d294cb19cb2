// Programs that are started, as execsnoop tells them.
#include "oracle.h"

enum { ARGUMENTS = 6, LENGTH = 64 };

struct event {
	u32 pid;
	u32 parent;
	int result;
	u32 count;
	char comm[16];
	char arguments[ARGUMENTS][LENGTH];
};

const struct event *unused __attribute__((unused));

struct task_struct___parents {
	int tgid;
	struct task_struct___parents *real_parent;
} __attribute__((preserve_access_index));

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

struct {
	ARRAY(type, PER_CPU_ARRAY);
	ARRAY(max_entries, 1);
	u32 *key;
	struct event *value;
} scratch SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_execve") int begin(struct entered *call)
{
	u64 id = thread_and_process();
	u32 first = 0;
	struct event *e = find(&scratch, &first);
	struct task_struct___parents *task = current_task(), *parent = 0;
	const char *const *arguments = (void *)call->arguments[1];
	if (!e)
		return 0;
	e->pid = id >> 32;
	read_kernel(&parent, sizeof(parent), &task->real_parent);
	read_kernel(&e->parent, sizeof(e->parent), &parent->tgid);
	e->count = 1;
	e->arguments[0][0] = 0;
	read_user_text(e->arguments[0], LENGTH, (void *)call->arguments[0]);
#pragma unroll
	for (int i = 1; i < ARGUMENTS; i++) {
		const char *text = 0;
		e->arguments[i][0] = 0;
		if (e->count == i && !read_user(&text, sizeof(text), &arguments[i]) && text && read_user_text(e->arguments[i], LENGTH, text) > 0)
			e->count = i + 1;
	}
	put(&begun, &id, e, 0);
	return 0;
}

SEC("tracepoint/syscalls/sys_exit_execve") int end(struct returned *call)
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
