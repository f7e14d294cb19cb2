// Functions of a module of the kernel, md_mod, that is named in the section.
#define SEC(name) __attribute__((section(name), used))

static void *(*const bpf_ringbuf_reserve)(void *ring, unsigned long size, unsigned long flags) = (void *)131;
static void (*const bpf_ringbuf_submit)(void *data, unsigned long flags) = (void *)132;

struct event {
	int by;
};

struct {
	int (*type)[27];
	int (*max_entries)[4096];
} events SEC(".maps");

const struct event *unused __attribute__((unused));

static int tell(int by)
{
	struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);

	if (!event)
		return 0;
	event->by = by;
	bpf_ringbuf_submit(event, 0);
	return 0;
}

SEC("fentry/md_mod:md_flush_request") int entered(void *context) { return tell(1); }
SEC("kprobe/md_mod:md_flush_request") int probed(void *context) { return tell(2); }
SEC("fexit/md_mod:md_flush_request") int left(void *context) { return tell(3); }
SEC("fentry/vmlinux:md_flush_request") int of_kernel(void *context) { return tell(4); }
SEC("fentry/vmlinux:do_unlinkat") int elsewhere(void *context) { return 0; }

char LICENSE[] SEC("license") = "GPL";
