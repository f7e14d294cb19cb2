// As little as there can be: no maps, no variables.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int h2(void *ctx)
{
	return XDP_PASS;
}
