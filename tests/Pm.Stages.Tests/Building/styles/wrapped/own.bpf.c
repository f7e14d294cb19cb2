// SPDX-License-Identifier: GPL-2.0
// Without libbpf's headers: it makes the helpers itself.
#define SEC(name) __attribute__((section(name), used))

typedef unsigned int u32;
typedef unsigned long long u64;

struct event {
	u32 number;
	u32 kind;
};

struct {
	int (*type)[27];
	int (*max_entries)[4096];
} rb SEC(".maps");

static inline __attribute__((always_inline)) void *bpf_ringbuf_reserve(void *ring, u64 size, u64 flags)
{
	return ((void *(*)(void *, u64, u64))131)(ring, size, flags);
}

static void (*bpf_ringbuf_submit)(void *, u64) = (void *)132;

SEC("tp/sched/sched_process_exec")
int handle(void *ctx)
{
	struct event *e = bpf_ringbuf_reserve(&rb, sizeof(*e), 0);

	if (!e)
		return 0;
	e->number = 1;
	e->kind = 2;
	bpf_ringbuf_submit(e, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
