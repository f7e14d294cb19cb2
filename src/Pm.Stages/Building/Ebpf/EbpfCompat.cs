namespace Pm.Stages.Building.Ebpf;

/// <summary>
/// A header that stands before every source: what libbpf's headers before 1.2 lack, each only where it is missing; and what counts the events that a ring buffer has no place for, which the kernel does
/// not. A macro with arguments is none where the helper is declared, or its address taken; what nobody refers to is not in the object.
/// </summary>
static class EbpfCompat
{
    public const string Name = "pm_compat.h";

    /// <summary>With it a ring buffer's helpers are what the source says.</summary>
    public const string NotCounted = "-D__PM_NOT_COUNTED";

    /// <summary>With it the kernel's short names of numbers are there, for a source that expects them of a kernel's own headers, or in those that it includes before the header that has them.</summary>
    public const string ShortNames = "-D__PM_SHORT_NAMES";

    public const string Text = """
        #ifndef __PM_COMPAT_H
        #define __PM_COMPAT_H
        #ifdef __PM_SHORT_NAMES
        typedef signed char __s8, s8;
        typedef unsigned char __u8, u8;
        typedef short __s16, s16;
        typedef unsigned short __u16, u16, __le16, __be16, __sum16;
        typedef int __s32, s32;
        typedef unsigned int __u32, u32, __le32, __be32, __wsum;
        typedef long long __s64, s64;
        typedef unsigned long long __u64, u64, __le64, __be64;
        #endif
        #ifdef __PM_OLD_MAPS
        #include __PM_OLD_MAPS
        #define __pm_joined(a, b) a##b
        #define __pm_numbered(n) __pm_joined(__pm_map_, n)
        #define bpf_map_def __pm_numbered(__COUNTER__) __attribute__((section(__PM_OLD_MAPS_SECTION), used))
        #define BPF_ANNOTATE_KV_PAIR(...)
        #endif
        #ifndef bpf_ksym_exists
        #define bpf_ksym_exists(sym) (!!sym)
        #endif
        #ifndef BPF_UPROBE
        #define BPF_UPROBE(name, args...) BPF_KPROBE(name, ##args)
        #endif
        #ifndef BPF_URETPROBE
        #define BPF_URETPROBE(name, args...) BPF_KRETPROBE(name, ##args)
        #endif
        #ifndef __kptr
        #define __kptr __attribute__((btf_type_tag("kptr")))
        #endif
        #ifndef __kptr_untrusted
        #define __kptr_untrusted __attribute__((btf_type_tag("kptr_untrusted")))
        #endif
        #ifndef __percpu_kptr
        #define __percpu_kptr __attribute__((btf_type_tag("percpu_kptr")))
        #endif
        #ifndef __uptr
        #define __uptr __attribute__((btf_type_tag("uptr")))
        #endif
        #ifndef __arg_ctx
        #define __arg_ctx __attribute__((btf_decl_tag("arg:ctx")))
        #endif
        #ifndef __arg_nonnull
        #define __arg_nonnull __attribute__((btf_decl_tag("arg:nonnull")))
        #endif
        #ifndef __arg_nullable
        #define __arg_nullable __attribute__((btf_decl_tag("arg:nullable")))
        #endif
        #ifndef __arg_trusted
        #define __arg_trusted __attribute__((btf_decl_tag("arg:trusted")))
        #endif
        #ifndef __arg_arena
        #define __arg_arena __attribute__((btf_decl_tag("arg:arena")))
        #endif
        #ifndef __ulong
        #define __ulong(name, val) enum { __pm_ulong_##name = val } name
        #endif
        #ifndef likely
        #define likely(x) __builtin_expect(!!(x), 1)
        #endif
        #ifndef unlikely
        #define unlikely(x) __builtin_expect(!!(x), 0)
        #endif
        #ifndef bpf_core_cast
        #define bpf_core_cast(ptr, type) ((typeof(type) *)bpf_rdonly_cast((ptr), bpf_core_type_id_kernel(type)))
        #endif
        struct bpf_iter_num;
        extern int bpf_iter_num_new(struct bpf_iter_num *it, int start, int end) __attribute__((weak, section(".ksyms")));
        extern int *bpf_iter_num_next(struct bpf_iter_num *it) __attribute__((weak, section(".ksyms")));
        extern void bpf_iter_num_destroy(struct bpf_iter_num *it) __attribute__((weak, section(".ksyms")));
        #ifndef bpf_for_each
        /* What they declare is called as libbpf calls it, as sources use that (BPF_FOR_EACH_ITER). */
        #define __pm_iterator(kind) __attribute__((aligned(8), cleanup(bpf_iter_##kind##_destroy)))
        #define bpf_for_each(kind, cur, args...) \
            for (struct bpf_iter_##kind ___it __pm_iterator(kind), *___p __attribute__((unused)) = (bpf_iter_##kind##_new(&___it, ##args), (void)bpf_iter_##kind##_destroy, (void *)0); \
                 ((cur) = bpf_iter_##kind##_next(&___it)) != 0; )
        #ifndef bpf_for
        #define bpf_for(i, start, end) \
            for (struct bpf_iter_num ___it __pm_iterator(num), *___p __attribute__((unused)) = (bpf_iter_num_new(&___it, (start), (end)), (void)bpf_iter_num_destroy, (void *)0); \
                 ({ int *__pm_now = bpf_iter_num_next(&___it); if (__pm_now) (i) = *__pm_now; __pm_now && (i) >= (start) && (i) < (end); }); )
        #endif
        #ifndef bpf_repeat
        #define bpf_repeat(n) \
            for (struct bpf_iter_num ___it __pm_iterator(num), *___p __attribute__((unused)) = (bpf_iter_num_new(&___it, 0, (n)), (void)bpf_iter_num_destroy, (void *)0); \
                 bpf_iter_num_next(&___it); )
        #endif
        #endif
        #ifndef __PM_NOT_COUNTED
        static volatile unsigned long long __pm_lost;
        #define __pm_counted(call, is_lost) ({ __auto_type __pm_result = call; if (is_lost) __sync_fetch_and_add(&__pm_lost, 1); __pm_result; })
        #define bpf_ringbuf_reserve(...) __pm_counted(bpf_ringbuf_reserve(__VA_ARGS__), !__pm_result)
        #define bpf_ringbuf_reserve_dynptr(...) __pm_counted(bpf_ringbuf_reserve_dynptr(__VA_ARGS__), __pm_result < 0)
        #define bpf_ringbuf_output(...) __pm_counted(bpf_ringbuf_output(__VA_ARGS__), __pm_result < 0)
        #endif
        #endif

        """;
}
