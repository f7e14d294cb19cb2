// Programs that read what their hooks give them, and beyond.
#define SEC(name) __attribute__((section(name), used))
#define READS(name, section, number) SEC(section) int name(unsigned long long *context) { result = context[number]; return 0; }

static unsigned long long (*const bpf_ktime_get_ns)(void) = (void *)5;

unsigned long long result;
unsigned long long which;

READS(first, "tp_btf/sched_switch", 0)
READS(third, "tp_btf/sched_switch", 2)
READS(beyond, "tp_btf/sched_switch", 9)
READS(entered, "fentry/vfs_open", 1)
READS(entered_beyond, "fentry/vfs_open", 2)
READS(returned, "fexit/vfs_open", 2)
READS(returned_beyond, "fexit/vfs_open", 3)
READS(raw, "raw_tp/sched_switch", 2)

SEC("tp_btf/sched_switch") int later(unsigned long long *context)
{
	unsigned long long *kept = context + 7;

	result = bpf_ktime_get_ns();
	result += kept[2];
	return 0;
}

SEC("tp_btf/sched_switch") int perhaps(unsigned long long *context)
{
	if (which > 3)
		result = context[9];
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
