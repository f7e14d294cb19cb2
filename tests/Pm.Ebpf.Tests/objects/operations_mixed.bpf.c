// Operations that kernels have, beside some that none has.
#include "operations.bpf.c"

struct pm_nothing_ops {
	int (*answer)(int question);
};

SEC("struct_ops/answer")
int answer(__u64 *arguments)
{
	return 0;
}

SEC(OPERATIONS)
struct pm_nothing_ops nothing = {
	.answer = (void *)answer,
};
