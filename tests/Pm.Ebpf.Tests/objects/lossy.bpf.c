// A burst that its ring buffer has no place for; what is lost is counted in maps, in variables, in arrays and in members of structs, and beside them stands what only looks like that.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define BURST 64

struct event {
	__u64 number;
	__u64 lost_events;
	char filler[992];
};

struct pair {
	__u64 packets;
	__u64 bytes;
};

struct figures {
	__u64 told;
	struct {
		__u32 dropped[2];
		__u8 lost;
	} ring;
};

struct totals {
	__u32 lost;
	__u64 events_lost;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} produced SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u64);
} drops SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct figures);
} stats SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} dropped SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct pair);
} lost SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(map_flags, BPF_F_WRONLY);
	__type(key, __u32);
	__type(value, __u64);
} event_drops SEC(".maps");

const volatile char name[32] = "";
const volatile __u64 lost_count = 0;
__u64 before = 1;
__u32 lost_events = 0;
__u32 drop_count[2];
struct totals all;
struct event copied = { .lost_events = 5 };

struct entered {
	__u64 common;
	long number;
	long directory;
	const char *name;
};

SEC("tp/syscalls/sys_enter_openat")
int entered(struct entered *ctx)
{
	char opened[sizeof(name)] = {};
	__u32 first = 0, second = 1;
	__u64 *count = bpf_map_lookup_elem(&produced, &first);
	__u64 *dropped = bpf_map_lookup_elem(&drops, &second);
	struct figures *figures = bpf_map_lookup_elem(&stats, &first);

	bpf_probe_read_user_str(opened, sizeof(opened), ctx->name);
	for (int i = 0; i < sizeof(name); i++)
		if (opened[i] != name[i])
			return 0;
	if (!count || !dropped || !figures)
		return 0;
	for (int i = 0; i < BURST; i++) {
		struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);

		__sync_fetch_and_add(count, 2);
		if (bpf_ringbuf_output(&events, &copied, sizeof(copied), 0))
			__sync_fetch_and_add(&lost_events, 1);
		if (!event) {
			if (i % 4 == 0)
				*dropped += before;
			else if (i % 4 == 1)
				drop_count[1]++;
			else if (i % 4 == 2)
				figures->ring.dropped[i % 8 == 2]++;
			else
				all.events_lost++;
			continue;
		}
		figures->told++;
		figures->ring.lost++;
		all.lost++;
		event->number = i + lost_count;
		bpf_ringbuf_submit(event, 0);
	}
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
