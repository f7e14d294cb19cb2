// Flags that take several values, and globals that can be no flag.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

enum side { SIDE_LEFT = -1, SIDE_NONE, SIDE_RIGHT };

struct limits {
	int low, high;
};

const volatile int filter_ports[64] = {};
const volatile short pair[2] = { 1, -2 };
const volatile __u8 bytes[3] = { 1, 2, 3 };
const volatile char name[4] = "ab";
const volatile enum side sides[3] = { SIDE_NONE, SIDE_RIGHT };
const volatile enum side side = SIDE_NONE;
const volatile _Bool wanted[2] = { 0, 1 };
const volatile __u64 long_list[40] = { [0 ... 39] = 7 };
const volatile int signals[2] = {};
const volatile __u32 peers[2] = {};
const volatile __u8 peer[4] = {};
const volatile unsigned __int128 huge = 1;
const volatile __int128 small = -1;
const volatile struct limits limits = {};
const volatile int grid[2][3] = {};
const volatile char names[2][8] = {};
const void *const volatile place = 0;

const char notes[] SEC(".pm.notes") =
	"{\"flags\":{\"signals\":{\"reading\":\"signal\",\"default\":\"TERM,9\"},\"peers\":{\"reading\":\"ip\"},\"peer\":{\"reading\":\"ip\"}}}";

SEC("raw_tp/sched_switch")
int told(void *context)
{
	return filter_ports[1] + pair[1] + bytes[1] + name[1] + sides[1] + side + wanted[1] + long_list[1] + signals[1] + peers[1] + peer[1]
		+ (int)huge + (int)small + limits.low + grid[1][1] + names[1][1] + (place != 0);
}

char LICENSE[] SEC("license") = "GPL";
