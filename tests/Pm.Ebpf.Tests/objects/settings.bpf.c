// What depends on how the kernel was built, and on its version: guards of a field that kernel.bpf.c has not.
#define SEC(name) __attribute__((section(name), used))
#define SETTING __attribute__((section(".kconfig")))
#define WEAK __attribute__((weak))
#define KERNEL_VERSION(a, b, c) (((a) << 16) + ((b) << 8) + (c))

typedef unsigned int u32;
typedef unsigned long long u64;

static long (*read_kernel)(void *to, u32 size, const void *from) = (void *)113;

enum libbpf_tristate { TRI_NO, TRI_YES, TRI_MODULE };

struct pm_thing {
	int gone;
} __attribute__((preserve_access_index));

extern int LINUX_KERNEL_VERSION SETTING;
extern int LINUX_NOBODY_KNOWS SETTING WEAK;
extern _Bool CONFIG_BPF_SYSCALL SETTING;
extern u32 CONFIG_HZ SETTING WEAK;
extern enum libbpf_tristate CONFIG_PM_NO_SUCH SETTING WEAK;
extern char CONFIG_LOCALVERSION[4] SETTING WEAK;

u64 sum;

#define PROGRAM(name, condition)                                        \
	SEC("raw_tp/sched_switch") int name(u64 *context)               \
	{                                                               \
		if (condition) {                                        \
			struct pm_thing *thing = (void *)context[1];    \
			int value = 0;                                  \
			read_kernel(&value, sizeof(value), &thing->gone); \
			sum += value;                                   \
		}                                                       \
		return 0;                                               \
	}

PROGRAM(older, LINUX_KERNEL_VERSION < KERNEL_VERSION(5, 8, 0))
PROGRAM(newer, LINUX_KERNEL_VERSION >= KERNEL_VERSION(5, 8, 0))
PROGRAM(other_version, LINUX_KERNEL_VERSION == KERNEL_VERSION(5, 8, 0))
PROGRAM(patched, LINUX_KERNEL_VERSION >= KERNEL_VERSION(6, 1, 50))
PROGRAM(virtual, LINUX_NOBODY_KNOWS)
PROGRAM(built_without, !CONFIG_BPF_SYSCALL)
PROGRAM(built_with, CONFIG_BPF_SYSCALL)
PROGRAM(clock, CONFIG_HZ > 100000)
PROGRAM(absent, CONFIG_PM_NO_SUCH != TRI_NO)
PROGRAM(text, CONFIG_LOCALVERSION[3])
PROGRAM(kept, ({ volatile int version = LINUX_KERNEL_VERSION; version < KERNEL_VERSION(5, 8, 0); }))

char LICENSE[] SEC("license") = "GPL";
