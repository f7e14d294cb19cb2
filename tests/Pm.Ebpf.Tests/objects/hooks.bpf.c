// One program for each place where a kernel may run some.
#define SEC(name) __attribute__((section(name), used))
#define AT(name, section) SEC(section) int name(void *context) { return 0; }

AT(tracepoint, "tracepoint/syscalls/sys_enter_openat")
AT(no_tracepoint, "tp/syscalls/sys_enter_opennat")
AT(scheduled, "tp/sched/sched_switch")
AT(raw, "raw_tp/sched_switch")
AT(no_raw, "raw_tp/pm_no_such_tracepoint")
AT(typed, "tp_btf/sched_process_exec")
AT(no_typed, "tp_btf/pm_no_such_tracepoint")
AT(probed, "kprobe/do_unlinkat")
AT(returned, "kretprobe/do_unlinkat")
AT(called, "ksyscall/unlinkat")
AT(many, "kprobe.multi/do_unlink*")
AT(entered, "fentry/do_unlinkat")
AT(left, "fexit/do_unlinkat")
AT(no_entered, "fentry/pm_no_such_function")
AT(decided, "lsm/file_open")
AT(no_decided, "lsm/pm_no_such_decision")
AT(walked, "iter/task")
AT(no_walked, "iter/pm_no_such_thing")
AT(counted, "perf_event")
AT(filtered, "socket")
SEC("xdp") int packet(void *context) { return 2; }
AT(asked_for, "?kprobe/do_unlinkat")

char LICENSE[] SEC("license") = "GPL";
