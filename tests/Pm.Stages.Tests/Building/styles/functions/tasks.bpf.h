#ifndef TASKS_BPF_H
#define TASKS_BPF_H
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
/* As the tests of another kernel write them. */
extern void *bpf_task_acquire(void *p) __ksym;
extern int bpf_task_release(void *p) __ksym;
extern void bpf_not_in_any_kernel(void) __ksym __weak;
#endif
