// Programs that call one helper each, of their own kind or of another.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

static char buffer[64];

SEC("tp_btf/sched_process_exit")
int typed_names(void *ctx)
{
	return bpf_get_current_comm(buffer, 16);
}

SEC("tp_btf/sched_process_exit")
int typed_overrides(void *ctx)
{
	return bpf_override_return(ctx, 0);
}

SEC("tp_btf/sched_process_exit")
int typed_walks(void *ctx)
{
	return bpf_seq_write(ctx, buffer, 1);
}

SEC("raw_tp/sched_process_exit")
int raw_waits(void *ctx)
{
	return bpf_copy_from_user(buffer, 4, ctx);
}

SEC("raw_tp/sched_process_exit")
int raw_places(void *ctx)
{
	return bpf_get_func_ip(ctx);
}

SEC("tp/sched/sched_process_exit")
int point_reads(void *ctx)
{
	return bpf_probe_read_kernel(buffer, 4, ctx);
}

SEC("fentry/vfs_open")
int entry_waits(void *ctx)
{
	return bpf_copy_from_user(buffer, 4, ctx);
}

SEC("fentry/vfs_open")
int entry_places(void *ctx)
{
	bpf_get_func_ip(ctx);
	return 0;
}

SEC("fentry/vfs_open")
int entry_returns(void *ctx)
{
	__u64 value;

	bpf_get_func_ret(ctx, &value);
	return 0;
}

SEC("fexit/vfs_open")
int exit_returns(void *ctx)
{
	__u64 value;

	bpf_get_func_ret(ctx, &value);
	return 0;
}

SEC("fentry/pm_is_not_there")
int entry_of_none(void *ctx)
{
	return bpf_redirect(1, 0);
}

SEC("lsm/bprm_creds_for_exec")
int decision_options(unsigned long long *ctx)
{
	bpf_bprm_opts_set((void *)ctx[0], 0);
	return 0;
}

SEC("xdp")
int packet_reads(struct xdp_md *ctx)
{
	return bpf_skb_load_bytes(ctx, 0, buffer, 1);
}

SEC("xdp")
int packet_grows(struct xdp_md *ctx)
{
	return bpf_xdp_adjust_head(ctx, 0) ? XDP_ABORTED : XDP_PASS;
}

SEC("tc")
int queue_grows(struct __sk_buff *ctx)
{
	return bpf_xdp_adjust_head((void *)ctx, 0);
}

SEC("tc")
int queue_reads(struct __sk_buff *ctx)
{
	return bpf_skb_load_bytes(ctx, 0, buffer, 1);
}

SEC("socket")
int socket_sends(struct __sk_buff *ctx)
{
	return bpf_redirect(1, 0);
}

SEC("cgroup/connect4")
int group_binds(struct bpf_sock_addr *ctx)
{
	struct { __u16 family, port; __u32 address; __u64 rest; } any = { .family = 2 };

	bpf_bind(ctx, (struct sockaddr *)&any, sizeof(any));
	return 1;
}

SEC("cgroup_skb/ingress")
int group_packet_binds(struct __sk_buff *ctx)
{
	bpf_bind((void *)ctx, (void *)buffer, 16);
	return 1;
}

SEC("sk_lookup")
int lookup_assigns(struct bpf_sk_lookup *ctx)
{
	bpf_sk_assign(ctx, (void *)0, 0);
	return SK_PASS;
}

SEC("sk_lookup")
int lookup_binds(struct bpf_sk_lookup *ctx)
{
	bpf_bind((void *)ctx, (void *)buffer, 16);
	return SK_PASS;
}

SEC("perf_event")
int sample_reads(struct bpf_perf_event_data *ctx)
{
	struct bpf_perf_event_value value;

	return bpf_perf_prog_read_value(ctx, &value, sizeof(value));
}

SEC("raw_tp/sched_process_exit")
int raw_samples(void *ctx)
{
	struct bpf_perf_event_value value;

	return bpf_perf_prog_read_value(ctx, &value, sizeof(value));
}

char LICENSE[] SEC("license") = "GPL";
