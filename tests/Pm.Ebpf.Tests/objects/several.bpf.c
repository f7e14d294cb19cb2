// Several programs and maps: types known by their sizes, one known by its name alone, one map without any, what the kernel has to have.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct first {
	__u64 time;
	__u32 pid;
	__u32 number;
};

struct second {
	__u64 time;
	char comm[16];
};

typedef struct {
	__u64 time;
	__u64 more[3];
} third_t;

struct first *__pm_export_first;
struct second *__pm_export_second;
third_t *__pm_export_third_t;

extern int LINUX_KERNEL_VERSION __kconfig;
extern void bpf_rcu_read_lock(void) __ksym __weak;

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} firsts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} seconds SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__type(key, int);
	__type(value, int);
} thirds SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_STACK_TRACE);
	__uint(key_size, 4);
	__uint(value_size, 127 * 8);
	__uint(pinning, LIBBPF_PIN_BY_NAME);
} unsized SEC(".maps");

SEC("tp/sched/sched_switch")
int switched(void *ctx)
{
	struct first *first = bpf_ringbuf_reserve(&firsts, sizeof(*first), 0);

	if (first) {
		first->time = bpf_ktime_get_ns();
		first->number = LINUX_KERNEL_VERSION;
		bpf_ringbuf_submit(first, 0);
	}
	return 0;
}

static __attribute__((noinline)) int tell(struct second *second)
{
	bpf_get_current_comm(second->comm, sizeof(second->comm));
	return bpf_ringbuf_output(&seconds, second, sizeof(*second), 0);
}

SEC("?kprobe/do_unlinkat")
int unlinked(void *ctx)
{
	struct second second = {};

	second.time = bpf_ktime_get_ns();
	return tell(&second);
}

SEC("fentry.s/do_unlinkat")
int entered(__u64 *ctx)
{
	third_t third = {};

	third.time = bpf_ktime_get_ns();
	if (bpf_rcu_read_lock)
		bpf_rcu_read_lock();
	bpf_perf_event_output(ctx, &thirds, BPF_F_CURRENT_CPU, &third, sizeof(third));
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
