// What only a module of the kernel has, md_mod: a function to trace, and a type that is read.
#define SEC(name) __attribute__((section(name), used))
#define CORE __attribute__((preserve_access_index))

static long (*const bpf_probe_read_kernel)(void *to, unsigned int size, const void *from) = (void *)113;
static void *(*const bpf_ringbuf_reserve)(void *ring, unsigned long size, unsigned long flags) = (void *)131;
static void (*const bpf_ringbuf_submit)(void *data, unsigned long flags) = (void *)132;

struct mddev {
	int raid_disks;
} CORE;

struct pt_regs {
	unsigned long di;
} CORE;

struct event {
	int disks;
	int by;
};

struct {
	int (*type)[27];
	int (*max_entries)[4096];
} events SEC(".maps");

const struct event *unused __attribute__((unused));

static int tell(struct mddev *device, int by)
{
	struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);

	if (!event)
		return 0;
	event->by = by;
	bpf_probe_read_kernel(&event->disks, sizeof(event->disks), &device->raid_disks);
	bpf_ringbuf_submit(event, 0);
	return 0;
}

SEC("fentry/md_flush_request") int entered(unsigned long long *arguments) { return tell((void *)arguments[0], 1); }
SEC("kprobe/md_flush_request") int probed(struct pt_regs *registers) { return tell((void *)registers->di, 2); }
SEC("raw_tp/sched_switch") int beside(void *context) { return 0; }

char LICENSE[] SEC("license") = "GPL";
