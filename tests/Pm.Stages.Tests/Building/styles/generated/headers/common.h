#pragma once
typedef signed char __s8;
typedef short __s16;
typedef int __s32;
typedef long long __s64;
typedef unsigned char __u8;
typedef unsigned short __u16;
typedef unsigned int __u32;
typedef unsigned long long __u64;
typedef __u64 u64;
typedef __u32 u32;
typedef __u16 __be16;
typedef __u32 __be32;
typedef __u32 __wsum;
enum bpf_map_type { BPF_MAP_TYPE_PERF_EVENT_ARRAY = 4 };
enum { BPF_F_CURRENT_CPU = 0xffffffffULL };
#include <bpf/bpf_helpers.h>
