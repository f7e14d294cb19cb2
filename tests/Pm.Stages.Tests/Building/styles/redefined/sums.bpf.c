#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

/* The author's vmlinux.h did not have these. */
struct bpf_iter_num {
	long hidden[1];
};

enum { BPF_F_GET_BRANCH_RECORDS_SIZE = 1, MOST = 8 };

extern int bpf_iter_num_new(struct bpf_iter_num *iterator, int begin, int end) __weak __ksym;

int sum, rounds;

SEC("tp/sched/sched_process_exit")
int count(void *ctx)
{
	int i, *each;

	bpf_for(i, 0, MOST)
		sum += i;
	bpf_for_each(num, each, 0, MOST) {
		/* As libbpf calls it: some kfuncs take it. */
		struct bpf_iter_num *iterator = &___it;

		asm volatile("" : : "r"(iterator));
		sum += *each;
	}
	bpf_repeat(3)
		rounds++;
	return BPF_F_GET_BRANCH_RECORDS_SIZE - 1;
}

char LICENSE[] SEC("license") = "GPL";
