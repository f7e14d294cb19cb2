/* Copyright (c) A */
#include <vmlinux.h>
#include <bpf/bpf_helpers.h>
#include "bits.bpf.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
#include "lat.h"

#define MAX_ENTRIES 10240
#define TASK_RUNNING 0

const volatile bool targ_per_process = false;
const volatile pid_t targ_tgid = 0;
extern int LINUX_KERNEL_VERSION __kconfig;

struct task_struct___o {
	volatile long int state;
} __attribute__((preserve_access_index));

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MAX_ENTRIES);
	__type(key, u32);
	__type(value, u64);
} start SEC(".maps");

static struct hist zero;
__u32 dropped = 0;

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MAX_ENTRIES);
	__type(key, u32);
	__type(value, struct hist);
} hists SEC(".maps");

static __always_inline __s64 get_task_state(void *task)
{
	if (bpf_core_field_exists(((struct task_struct *)0)->__state))
		return BPF_CORE_READ((struct task_struct *)task, __state);
	return BPF_CORE_READ((struct task_struct___o *)task, state);
}

SEC("tp_btf/sched_wakeup")
int BPF_PROG(sched_wakeup, struct task_struct *p)
{
	u64 ts = bpf_ktime_get_ns();
	u32 pid = p->pid;

	if (targ_tgid && targ_tgid != p->tgid)
		return 0;
	bpf_map_update_elem(&start, &pid, &ts, BPF_ANY);
	return 0;
}

SEC("tp_btf/sched_switch")
int BPF_PROG(sched_switch, bool preempt, struct task_struct *prev, struct task_struct *next)
{
	u32 pid = next->pid, hkey = targ_per_process ? next->tgid : -1;
	struct hist *histp;
	u64 *tsp, slot;

	if (get_task_state(prev) == TASK_RUNNING && LINUX_KERNEL_VERSION < 0)
		return 0;
	tsp = bpf_map_lookup_elem(&start, &pid);
	if (!tsp)
		return 0;
	histp = bpf_map_lookup_elem(&hists, &hkey);
	if (!histp) {
		bpf_map_update_elem(&hists, &hkey, &zero, BPF_NOEXIST);
		if (__sync_fetch_and_add(&dropped, 1) > 100)
			bpf_printk("too many");
		return 0;
	}
	slot = bits_log2l((bpf_ktime_get_ns() - *tsp) / 1000U);
	if (slot >= MAX_SLOTS)
		slot = MAX_SLOTS - 1;
	__sync_fetch_and_add(&histp->slots[slot], 1);
	bpf_map_delete_elem(&start, &pid);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
