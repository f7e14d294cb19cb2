// Walks over what is in one map, which its user names: as text, and as records.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct seq_file;

struct bpf_iter_meta {
	struct seq_file *seq;
	__u64 session_id;
	__u64 seq_num;
} __attribute__((preserve_access_index));

struct bpf_iter__bpf_map_elem {
	struct bpf_iter_meta *meta;
	struct bpf_map *map;
	void *key;
	void *value;
} __attribute__((preserve_access_index));

struct count {
	__u32 key;
	__u32 more;
	__u64 value;
};

const struct count *unused __attribute__((unused));

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 3);
	__type(key, __u32);
	__type(value, __u64);
} counts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} narrow SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_QUEUE);
	__uint(max_entries, 4);
	__type(value, __u64);
} queue SEC(".maps");

const volatile __u64 factor = 1;

SEC("iter/bpf_map_elem")
int told(struct bpf_iter__bpf_map_elem *at)
{
	__u32 *key = at->key;
	__u64 *value = at->value;
	static const char form[] = "%u %llu\n";
	__u64 told[2];

	if (!key || !value)
		return 0;
	told[0] = *key;
	told[1] = *value + (told[0] + 1) * factor;
	bpf_seq_printf(at->meta->seq, form, sizeof(form), told, sizeof(told));
	return 0;
}

SEC("iter/bpf_map_elem")
int written(struct bpf_iter__bpf_map_elem *at)
{
	__u32 *key = at->key;
	__u64 *value = at->value;
	struct count count = {};

	if (!key || !value)
		return 0;
	count.key = *key;
	count.more = 7;
	count.value = *value;
	bpf_seq_write(at->meta->seq, &count, sizeof(count));
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
