// The same in several ways, of which the first that the kernel takes is used, and a program beside them.
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

SEC("tp_btf/sys_enter") int called(void *context)
{
	__sync_fetch_and_add(&count, 1);
	return 0;
}

SEC("tp_btf/sys_exit") int never_tried(void *context)
{
	__sync_fetch_and_add(&count, 1);
	return 0;
}

SEC("raw_tp/sched_switch") int beside(void *context)
{
	__sync_fetch_and_add(&count, 1);
	return 0;
}

const char notes[] SEC(".pm.notes") = "{\"fallbacks\":[[\"entered\",\"probed\",\"called\",\"never_tried\"]]}";

char LICENSE[] SEC("license") = "GPL";
