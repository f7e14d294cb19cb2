// What depends on the types of a kernel: those of kernel.bpf.c, which has some of it otherwise, and some not at all.
#define SEC(name) __attribute__((section(name), used))
#define CORE __attribute__((preserve_access_index))
#define exists(field) __builtin_preserve_field_info(field, 2)
#define type_exists(type) __builtin_preserve_type_info(*(type *)0, 0)
#define type_size(type) __builtin_preserve_type_info(*(type *)0, 1)
#define value_exists(type, value) __builtin_preserve_enum_value(*(type *)value, 0)
#define value_of(type, value) __builtin_preserve_enum_value(*(type *)value, 1)

typedef unsigned int u32;
typedef unsigned long long u64;

static long (*read_kernel)(void *to, u32 size, const void *from) = (void *)113;
static u64 (*ktime)(void) = (void *)5;
static long (*of_tomorrow)(void) = (void *)9999;

enum pm_level { PM_LOW, PM_HIGH, PM_NEWEST };

struct pm_inner {
	int first;
	int second;
} CORE;

struct pm_thing___here {
	int first;
	long second;
	int gone;
	void *changed;
	u32 bits : 5;
	u32 more : 7;
	int deep;
	int list[10];
	struct pm_inner inner;
	unsigned short narrow;
} CORE;

struct pm_absent {
	int field;
} CORE;

struct pm_twice {
	int field;
} CORE;

const volatile _Bool is_wanted;
const volatile _Bool is_usual = 1;
u64 sum;

extern void pm_no_such_function(void) __attribute__((weak, section(".ksyms")));

#define ARGUMENT(type) ((type *)context[1])
#define READ(field)                                              \
	({                                                       \
		__typeof__(field) value = 0;                     \
		read_kernel(&value, sizeof(value), (void *)&field); \
		sum += (u64)value;                               \
	})
#define PROGRAM(name) SEC("raw_tp/sched_switch") int name(u64 *context)
#define THING(name) struct pm_thing___here *name = ARGUMENT(struct pm_thing___here)

PROGRAM(moved) { THING(t); READ(t->first); READ(t->second); READ(t->inner.second); READ(t->narrow); return 0; }
PROGRAM(without_name) { THING(t); READ(t->deep); return 0; }
PROGRAM(gone) { THING(t); READ(t->gone); return 0; }
PROGRAM(changed) { THING(t); READ(t->changed); return 0; }
PROGRAM(element) { THING(t); READ(t->list[2]); return 0; }
PROGRAM(beyond) { THING(t); READ(t->list[9]); return 0; }
PROGRAM(absent) { struct pm_absent *t = ARGUMENT(struct pm_absent); READ(t->field); return 0; }
PROGRAM(guarded) { THING(t); if (exists(t->gone)) READ(t->gone); return 0; }
PROGRAM(guarded_by_type) { struct pm_absent *t = ARGUMENT(struct pm_absent); if (type_exists(struct pm_absent)) READ(t->field); return 0; }
PROGRAM(guarded_by_size) { struct pm_absent *t = ARGUMENT(struct pm_absent); if (type_size(struct pm_absent) > 0) READ(t->field); return 0; }
PROGRAM(guarded_wrongly) { THING(t); if (exists(t->first)) READ(t->gone); return 0; }
PROGRAM(either) { THING(t); if (exists(t->gone)) READ(t->gone); else READ(t->first); return 0; }
PROGRAM(neither) { THING(t); if (exists(t->gone)) READ(t->first); else READ(t->gone); return 0; }
PROGRAM(at_a_time) { THING(t); if (ktime() & 1) READ(t->gone); return 0; }
PROGRAM(by_flag) { THING(t); if (is_wanted) READ(t->gone); return 0; }
PROGRAM(by_default) { THING(t); if (is_usual) READ(t->gone); return 0; }
PROGRAM(value) { sum += value_of(enum pm_level, PM_HIGH); return 0; }
PROGRAM(no_value) { sum += value_of(enum pm_level, PM_NEWEST); return 0; }
PROGRAM(guarded_by_value) { if (value_exists(enum pm_level, PM_NEWEST)) sum += value_of(enum pm_level, PM_NEWEST); return 0; }
PROGRAM(ambiguous) { struct pm_twice *t = ARGUMENT(struct pm_twice); READ(t->field); return 0; }
PROGRAM(helper) { sum += of_tomorrow(); return 0; }
PROGRAM(guarded_helper) { THING(t); if (exists(t->gone)) sum += of_tomorrow(); return 0; }

PROGRAM(bits)
{
	THING(t);
	u64 value = 0;
	read_kernel(&value, __builtin_preserve_field_info(t->more, 1) <= 8 ? __builtin_preserve_field_info(t->more, 1) : 8, (char *)t + __builtin_preserve_field_info(t->more, 0));
	value <<= __builtin_preserve_field_info(t->more, 4);
	sum += value >> __builtin_preserve_field_info(t->more, 5);
	return 0;
}

__attribute__((noinline)) int helped(u64 from)
{
	struct pm_thing___here *t = (struct pm_thing___here *)from;
	READ(t->gone);
	return sum;
}

static __attribute__((noinline)) int asked(u64 from)
{
	struct pm_thing___here *t = (struct pm_thing___here *)from;
	READ(t->gone);
	return sum + 1;
}

PROGRAM(through_a_function) { return asked(context[1]); }
PROGRAM(guarded_function) { THING(t); return exists(t->gone) ? asked(context[1]) : 0; }
PROGRAM(through_a_global_function) { return helped(context[1]); }

PROGRAM(weak_function)
{
	if (pm_no_such_function)
		pm_no_such_function();
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
