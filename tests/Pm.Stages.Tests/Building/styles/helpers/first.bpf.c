#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

/* The author's libbpf did not have it. */
static long (*bpf_xdp_load_bytes)(struct xdp_md *packet, __u32 offset, void *buffer, __u32 length) = (void *) 189;

__u64 seen[256];

SEC("xdp")
int first(struct xdp_md *packet)
{
	__u8 byte;

	if (bpf_xdp_load_bytes(packet, 0, &byte, sizeof(byte)) == 0)
		__sync_fetch_and_add(&seen[byte], 1);
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
