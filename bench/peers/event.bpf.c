/* The program of the benchmark `events`: tells of each getppid(2) of one process, in the ring buffer of the usual size. It counts what it could not tell. */
typedef unsigned long long u64;
typedef unsigned int u32;

#define SEC(name) __attribute__((section(name), used))
#define GETPPID 110

enum kind { KIND_OPEN = 1, KIND_CLOSE, KIND_RENAME };

struct event {
	u64 time;
	u32 pid;
	u32 uid;
	int result;
	u32 flags;
	enum kind kind;
	_Bool is_root;
	char comm[16];
	char name[64];
};

const struct event *unused __attribute__((unused));

const volatile u32 target_pid = 0;

struct {
	int (*type)[27];
	int (*max_entries)[256 * 1024];
} events SEC(".maps");

struct {
	int (*type)[2];
	int (*max_entries)[1];
	u32 *key;
	u64 *value;
} dropped SEC(".maps");

#ifdef TYPED
/* As the tools have it that read the kernel's structs: libbpf looks for the member in the kernel's types. */
struct task_struct { int tgid; } __attribute__((preserve_access_index));
static struct task_struct *(*task)(void) = (void *)35;
static long (*read_kernel)(void *to, u32 size, const void *from) = (void *)113;
#endif
static void *(*lookup)(void *map, const void *key) = (void *)1;
static u64 (*now)(void) = (void *)5;
static u64 (*pid_tgid)(void) = (void *)14;
static u64 (*uid_gid)(void) = (void *)15;
static long (*comm)(void *to, u32 size) = (void *)16;
static void *(*reserve)(void *map, u64 size, u64 flags) = (void *)131;
static void (*submit)(void *data, u64 flags) = (void *)132;

SEC("raw_tp/sys_enter") int on_call(u64 *context)
{
	u32 pid = pid_tgid() >> 32, zero = 0;
	struct event *e;
	u64 *count;

	if (context[1] != GETPPID || (target_pid && pid != target_pid))
		return 0;
	e = reserve(&events, sizeof(*e), 0);
	if (!e) {
		count = lookup(&dropped, &zero);
		if (count)
			__sync_fetch_and_add(count, 1);
		return 0;
	}
	e->time = now();
#ifdef TYPED
	read_kernel(&e->pid, sizeof(e->pid), &task()->tgid);
#else
	e->pid = pid;
#endif
	e->uid = uid_gid();
	e->result = 7;
	e->flags = 524288;
	e->kind = KIND_RENAME;
	e->is_root = e->uid == 0;
	comm(e->comm, sizeof(e->comm));
	__builtin_memset(e->name, 0, sizeof(e->name));
	__builtin_memcpy(e->name, "/usr/lib/x86_64-linux-gnu/libexample.so.6", 42);
	submit(e, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
