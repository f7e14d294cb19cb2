// What the programs here have in common, written without the kernel's headers.
#define SEC(name) __attribute__((section(name), used))
#define ARRAY(name, number) int (*name)[number]

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;

enum { HASH = 1, PER_CPU_ARRAY = 6, RING_BUFFER = 27 };

static void *(*find)(void *map, const void *key) = (void *)1;
static long (*put)(void *map, const void *key, const void *value, u64 flags) = (void *)2;
static long (*drop)(void *map, const void *key) = (void *)3;
static u64 (*thread_and_process)(void) = (void *)14;
static long (*name_of_thread)(void *to, u32 size) = (void *)16;
static void *(*current_task)(void) = (void *)35;
static long (*read_user)(void *to, u32 size, const void *from) = (void *)112;
static long (*read_kernel)(void *to, u32 size, const void *from) = (void *)113;
static long (*read_user_text)(void *to, u32 size, const void *from) = (void *)114;
static long (*tell)(void *map, const void *record, u64 size, u64 flags) = (void *)130;

/// The begin and the end of a system call, as tracefs describes them.
struct entered {
	u64 common;
	u64 number;
	u64 arguments[6];
};

struct returned {
	u64 common;
	u64 number;
	long result;
};

char LICENSE[] SEC("license") = "GPL";
