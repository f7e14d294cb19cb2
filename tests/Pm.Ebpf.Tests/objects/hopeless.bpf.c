// The same in several ways, none of which a kernel without trampolines and kprobes takes, and a program that it would.
#define SEC(name) __attribute__((section(name), used))

unsigned long long count;

SEC("fentry/do_unlinkat") int entered(void *context)
{
	__sync_fetch_and_add(&count, 1);
	return 0;
}

SEC("?kprobe/do_unlinkat") int probed(void *context)
{
	__sync_fetch_and_add(&count, 1);
	return 0;
}

SEC("raw_tp/sched_switch") int beside(void *context)
{
	__sync_fetch_and_add(&count, 1);
	return 0;
}

const char notes[] SEC(".pm.notes") = "{\"fallbacks\":[[\"entered\",\"probed\"]]}";

char LICENSE[] SEC("license") = "GPL";
