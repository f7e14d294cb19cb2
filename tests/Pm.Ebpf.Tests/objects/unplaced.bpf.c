// Programs whose sections do not say where they are to be attached: their user does.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

enum way { WAY_CALLED = 1, WAY_RETURNED, WAY_TRACED, WAY_RAW, WAY_TYPED, WAY_PROBED, WAY_DONE, WAY_ENTERED, WAY_ASKED };

struct passed {
	enum way way;
	__u32 pid;
	char comm[16];
};

const struct passed *unused __attribute__((unused));

const volatile __u32 target_pid = 0;

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 64 * 1024);
} events SEC(".maps");

static __always_inline int tell(enum way way)
{
	struct passed told = { .way = way, .pid = bpf_get_current_pid_tgid() >> 32 };

	if (target_pid && told.pid != target_pid)
		return 0;
	bpf_get_current_comm(told.comm, sizeof(told.comm));
	bpf_ringbuf_output(&events, &told, sizeof(told), 0);
	return 0;
}

#define PASSED(name, section, way) SEC(section) int name(void *context) { return tell(way); }

PASSED(called, "uprobe", WAY_CALLED)
PASSED(returned, "uretprobe", WAY_RETURNED)
PASSED(traced, "tp", WAY_TRACED)
PASSED(raw, "raw_tp", WAY_RAW)
PASSED(typed, "tp_btf", WAY_TYPED)
PASSED(probed, "kprobe", WAY_PROBED)
PASSED(done, "kretprobe", WAY_DONE)
PASSED(entered, "fentry", WAY_ENTERED)
PASSED(asked, "?uprobe", WAY_ASKED)

char LICENSE[] SEC("license") = "GPL";
