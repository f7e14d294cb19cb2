// Tells of files that are opened: a tracepoint, a ring buffer, flags of every form, a type kept by a pointer that nothing uses.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

enum outcome { OUTCOME_TRIED = 1, OUTCOME_OPENED, OUTCOME_FAILED };

enum level { LEVEL_LOW, LEVEL_MIDDLE = 5, LEVEL_HIGH };

struct event {
	__u64 time;
	__u32 pid;
	int flags;
	enum outcome outcome;
	_Bool is_root;
	char comm[16];
	char name[64];
};

const struct event *unused __attribute__((unused));

const volatile int target_pid = 0;
const volatile _Bool only_root = 0;
const volatile char prefix[16] = "";
const volatile enum level level = LEVEL_MIDDLE;
const volatile unsigned char smallest = 3;
const volatile long long limit = -1;

__u64 count;
static int private_state = 7;

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u64);
} opens_by_pid SEC(".maps");

struct entered {
	__u64 common;
	long number;
	long directory;
	const char *name;
	long flags;
	long mode;
};

SEC("tracepoint/syscalls/sys_enter_openat")
int entered(struct entered *ctx)
{
	__u64 id = bpf_get_current_pid_tgid();
	__u32 pid = id >> 32;
	struct event *event;
	int i;

	if (target_pid && pid != target_pid)
		return 0;
	if (only_root && (__u32)bpf_get_current_uid_gid() != 0)
		return 0;
	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event)
		return 0;
	event->time = bpf_ktime_get_ns();
	event->pid = pid;
	event->flags = ctx->flags;
	event->outcome = OUTCOME_TRIED;
	event->is_root = (__u32)bpf_get_current_uid_gid() == 0;
	bpf_get_current_comm(event->comm, sizeof(event->comm));
	bpf_probe_read_user_str(event->name, sizeof(event->name), ctx->name);
	for (i = 0; i < 16 && prefix[i]; i++) {
		if (event->name[i] != prefix[i]) {
			bpf_ringbuf_discard(event, 0);
			return 0;
		}
	}
	__sync_fetch_and_add(&count, 1);
	private_state++;
	bpf_map_update_elem(&opens_by_pid, &pid, &event->time, BPF_ANY);
	if (level > LEVEL_HIGH || smallest > 200 || limit == 0) {
		bpf_ringbuf_discard(event, 0);
		return 0;
	}
	bpf_ringbuf_submit(event, 0);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
