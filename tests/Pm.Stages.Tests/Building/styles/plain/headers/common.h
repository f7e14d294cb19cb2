#pragma once
typedef unsigned int __u32;
typedef unsigned long long __u64;
typedef unsigned short __u16, __be16;
typedef __u32 __be32, __wsum;
typedef long long __s64;
typedef int __s32;
typedef unsigned char __u8;
#include "bpf_helpers.h"
#define BPF_MAP_TYPE_ARRAY 2
