// What packages of eunomia's speak of: variables of each section, two buffers with a type each, a struct with every shape of a member, one of 128 bits.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

typedef int pid_t;

enum figure { E_A, E_B = 7 };

struct OutData {
	int val_1;
	long long val_2;
	char val_3[100];
	int val_4;
	long long val_5;
	char val_6[100];
};

struct other {
	pid_t pid;
	pid_t ppid;
	char comm[16];
	char fname[127];
};

struct S {
	int arr1[2][3][4];
	char str[20];
	char str_arr[10][20];
	float ft;
	double dbl;
	unsigned char u8v;
	signed char i8v;
	unsigned short u16v;
	short i16v;
	unsigned int u32v;
	int i32v;
	unsigned long long u64v;
	long long i64v;
	enum figure e;
	struct { int x; } in;
	struct other nested;
};

struct wide {
	__int128 a;
	unsigned __int128 b;
};

struct fields {
	unsigned int low : 3;
	unsigned int high : 29;
};

struct OutData *__eunomia_dummy_OutData_ptr;
struct other *__eunomia_dummy_other_ptr;
struct S *__eunomia_dummy_S_ptr;
struct wide *__eunomia_dummy_wide_ptr;
struct fields *__eunomia_dummy_fields_ptr;

const volatile int const_val_1 = 0;
const volatile long long const_val_2 = 0;
const volatile char const_val_3[100] = "";
const volatile _Bool boolflag = 0;
const volatile float fraction = 0;
int bss_val_1;
long long bss_val_2;
char bss_val_3[100];

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} rb SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} rb_other SEC(".maps");

SEC("raw_tp/sys_enter")
int entered(void *ctx)
{
	int pid = bpf_get_current_pid_tgid() >> 32;
	struct OutData *data;
	struct other *other;
	int i;

	if (const_val_1 && pid != const_val_1)
		return 0;
	data = bpf_ringbuf_reserve(&rb, sizeof(*data), 0);
	if (data) {
		__builtin_memset(data, 0, sizeof(*data));
		data->val_1 = const_val_1;
		data->val_2 = const_val_2;
		for (i = 0; i < sizeof(data->val_3); i++)
			data->val_3[i] = const_val_3[i];
		data->val_4 = bss_val_1;
		data->val_5 = boolflag;
		bpf_get_current_comm(data->val_6, 16);
		bpf_ringbuf_submit(data, 0);
	}
	other = bpf_ringbuf_reserve(&rb_other, sizeof(*other), 0);
	if (other) {
		__builtin_memset(other, 0, sizeof(*other));
		other->pid = pid;
		other->ppid = *(const volatile int *)&fraction;
		bpf_get_current_comm(other->comm, sizeof(other->comm));
		bpf_ringbuf_submit(other, 0);
	}
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
