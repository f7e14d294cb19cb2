// What programs of a tracepoint read of it: sched_switch has 64 bytes.
#define SEC(name) __attribute__((section(name), used))

typedef unsigned long long u64;

const volatile _Bool is_wanted;
u64 sum;
_Bool was_told;

static u64 (*ktime)(void) = (void *)5;

SEC("tp/sched/sched_switch") int within(char *context)
{
	return *(volatile int *)(context + 24);
}

SEC("tp/sched/sched_switch") int past(char *context)
{
	return *(volatile int *)(context + 4000);
}

SEC("tp/sched/sched_switch") int just_past(u64 *context)
{
	sum += ktime();
	return *(volatile u64 *)(context + 8);
}

SEC("tp/sched/sched_switch") int unwanted(char *context)
{
	return is_wanted ? *(volatile int *)(context + 4000) : 0;
}

SEC("tp/sched/sched_switch") int perhaps(char *context)
{
	volatile _Bool kept = is_wanted;

	return kept ? *(volatile int *)(context + 4000) : 0;
}

SEC("tp/sched/sched_switch") int told(char *context)
{
	return was_told ? *(volatile int *)(context + 4000) : 0;
}

SEC("raw_tp/sched_switch") int raw(u64 *context)
{
	return context[2] != 0;
}

char LICENSE[] SEC("license") = "GPL";
