// SPDX-License-Identifier: MIT OR GPL-2.0-only
/// Tells which md devices (software RAID) are flushed, and by whom.
/// @details One event for each flush request to a software RAID device, with the process on whose behalf it was made. Needs the md
/// driver and kprobes. There is no other hook that tells the same, so there is no fallback: where the kernel has no kprobes, or
/// no md, pm says so.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
#include "mdflush.bpf.h"

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

SEC("kprobe/md_flush_request")
int BPF_KPROBE(on_flush, void *mddev, struct bio *bio)
{
	struct gendisk *disk = BPF_CORE_READ(bio, bi_bdev, bd_disk);
	struct event *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);

	if (!e)
		return 0;
	e->pid = bpf_get_current_pid_tgid() >> 32;
	bpf_get_current_comm(e->comm, sizeof(e->comm));
	e->disk[0] = 0;
	bpf_probe_read_kernel_str(e->disk, sizeof(e->disk), disk->disk_name);
	bpf_ringbuf_submit(e, 0);
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
