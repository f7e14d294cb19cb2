// Events of two layouts in one buffer, told apart by their sizes: in a ring buffer, which keeps them, and in a perf buffer, which rounds them up.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct tried {
	__u64 type;
	__u32 pid;
	int flags;
	char name[64];
};

struct done {
	__u64 type;
	__u32 pid;
	int result;
};

// Of a size that is not written.
struct never {
	char text[200];
};

struct tried *__pm_export_tried;
struct done *__pm_export_done;
struct never *__pm_export_never;

const volatile int target_pid = 0;

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 64 * 1024);
} told SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__type(key, int);
	__type(value, int);
} repeated SEC(".maps");

struct entered {
	__u64 common;
	long number;
	long directory;
	const char *name;
	long flags;
	long mode;
};

struct left {
	__u64 common;
	long number;
	long result;
};

SEC("tracepoint/syscalls/sys_enter_openat")
int entered(struct entered *ctx)
{
	struct tried event = { .type = 1, .pid = bpf_get_current_pid_tgid() >> 32, .flags = ctx->flags };

	if (target_pid && event.pid != target_pid)
		return 0;
	bpf_probe_read_user_str(event.name, sizeof(event.name), ctx->name);
	bpf_ringbuf_output(&told, &event, sizeof(event), 0);
	bpf_perf_event_output(ctx, &repeated, BPF_F_CURRENT_CPU, &event, sizeof(event));
	return 0;
}

SEC("tracepoint/syscalls/sys_exit_openat")
int left(struct left *ctx)
{
	struct done event = { .type = 2, .pid = bpf_get_current_pid_tgid() >> 32, .result = ctx->result };

	if (target_pid && event.pid != target_pid)
		return 0;
	bpf_ringbuf_output(&told, &event, sizeof(event), 0);
	bpf_perf_event_output(ctx, &repeated, BPF_F_CURRENT_CPU, &event, sizeof(event));
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
