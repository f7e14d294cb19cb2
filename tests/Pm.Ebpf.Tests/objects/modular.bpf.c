// Programs that depend on what modules have: modules.c makes the types of two.
#define SEC(name) __attribute__((section(name), used))
#define CORE __attribute__((preserve_access_index))
#define READ(field) __builtin_preserve_access_index(&(field))
#define EXISTS(type) __builtin_preserve_type_info(*(type *)0, 0)
#define HAS(field) __builtin_preserve_field_info(field, 2)

static long (*const bpf_probe_read_kernel)(void *to, unsigned int size, const void *from) = (void *)113;

struct pm_inner {
	int second;
} CORE;

struct pm_module_thing {
	int own;
	struct pm_inner inner;
} CORE;

struct pm_module_twice {
	int field;
} CORE;

struct pm_module_alike {
	int field;
} CORE;

struct pm_only_second {
	int field;
} CORE;

struct pm_nowhere {
	int field;
} CORE;

struct pm_thing {
	int gone;
} CORE;

enum pm_module_level { PM_MODULE_HIGH = 1 };

extern int pm_module_kfunc(struct pm_module_thing *thing) __attribute__((section(".ksyms"), weak));

long result;

#define READS(name, type, field)                                                                                       \
	SEC("raw_tp/sched_switch") int name(struct type **context)                                                     \
	{                                                                                                              \
		return bpf_probe_read_kernel(&result, 4, READ(context[0]->field));                                     \
	}

READS(own_field, pm_module_thing, own)
READS(field_of_kernel, pm_module_thing, inner.second)
READS(ambiguous, pm_module_twice, field)
READS(alike, pm_module_alike, field)
READS(flavoured, pm_only_second, field)
READS(nowhere, pm_nowhere, field)
READS(hidden, pm_thing, gone)

SEC("raw_tp/sched_switch") int guarded(struct pm_nowhere **context)
{
	return EXISTS(struct pm_nowhere) ? bpf_probe_read_kernel(&result, 4, READ(context[0]->field)) : 0;
}

SEC("raw_tp/sched_switch") int value(void *context)
{
	return __builtin_preserve_enum_value(*(typeof(enum pm_module_level) *)PM_MODULE_HIGH, 1);
}

SEC("fentry/pm_module_function") int entered(void *context) { return 0; }
SEC("kprobe/pm_module_function") int probed(void *context) { return 0; }
SEC("fentry/pm_no_function") int no_entered(void *context) { return 0; }
SEC("tp_btf/pm_module_event") int typed(void *context) { return 0; }

SEC("raw_tp/sched_switch") int called(struct pm_module_thing **context)
{
	return pm_module_kfunc ? pm_module_kfunc(context[0]) : 0;
}

char LICENSE[] SEC("license") = "GPL";
