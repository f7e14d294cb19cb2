// The same in the section that has no links.
#define OPERATIONS ".struct_ops"
#include "operations.bpf.c"
