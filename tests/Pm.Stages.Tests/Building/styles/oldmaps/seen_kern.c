/* As the kernel's own examples were once written: its short names, its own path to a header, maps of the form before libbpf 1.0, and a section that only begins with what it is. */
#include <uapi/linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct seen {
	u64 packets;
	u64 bytes;
};

struct bpf_map_def SEC("maps") by_processor = {
	.type = BPF_MAP_TYPE_PERCPU_ARRAY,
	.key_size = sizeof(u32),
	.value_size = sizeof(struct seen),
	.max_entries = 3,
};

struct bpf_map_def SEC("maps") by_length = {
	.type = BPF_MAP_TYPE_HASH,
	.key_size = sizeof(u32),
	.value_size = sizeof(u64),
	.max_entries = 16,
	.map_flags = BPF_F_NO_PREALLOC,
};
BPF_ANNOTATE_KV_PAIR(by_length, u32, u64);

SEC("xdp_seen1")
int count(struct xdp_md *ctx)
{
	u32 key = 0, length = ctx->data_end - ctx->data;
	u64 one = 1;
	struct seen *seen = bpf_map_lookup_elem(&by_processor, &key);

	if (!seen)
		return XDP_ABORTED;
	seen->packets++;
	seen->bytes += length;
	bpf_map_update_elem(&by_length, &length, &one, BPF_ANY);
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
