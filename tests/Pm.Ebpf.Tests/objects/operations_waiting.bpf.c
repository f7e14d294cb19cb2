// A function of a struct that may wait, in a section that libbpf 1.1 does not know.
#define BEGIN "struct_ops.s/begin"
#include "operations.bpf.c"
