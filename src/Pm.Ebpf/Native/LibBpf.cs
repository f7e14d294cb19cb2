using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Pm.Linux;

namespace Pm.Ebpf.Native;

/// <summary>The functions of libbpf 1 that pm calls. Those that give a pointer give null and set errno, those that give a number give -errno. Source: libbpf.h, bpf.h.</summary>
static unsafe partial class LibBpf
{
    [LibraryImport(BpfLibrary.Name)]
    internal static partial nint libbpf_set_print(delegate* unmanaged[Cdecl]<int, byte*, nint, int> print);

    [LibraryImport(BpfLibrary.Name)]
    internal static partial uint libbpf_minor_version();

    [LibraryImport(BpfLibrary.Name, SetLastError = true)]
    internal static partial nint bpf_object__open_mem(byte* bytes, nuint size, ObjectOpenOptions* options);

    [LibraryImport(BpfLibrary.Name)]
    internal static partial int bpf_object__load(nint bpf);

    [LibraryImport(BpfLibrary.Name)]
    internal static partial void bpf_object__close(nint bpf);

    [LibraryImport(BpfLibrary.Name)]
    internal static partial nint bpf_object__next_program(nint bpf, nint previous);

    [LibraryImport(BpfLibrary.Name)]
    internal static partial nint bpf_object__next_map(nint bpf, nint previous);

    [LibraryImport(BpfLibrary.Name)]
    internal static partial byte* bpf_program__name(nint program);

    [LibraryImport(BpfLibrary.Name)]
    internal static partial int bpf_program__set_autoload(nint program, [MarshalAs(UnmanagedType.U1)] bool isLoaded);

    [LibraryImport(BpfLibrary.Name)]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool bpf_program__autoload(nint program);

    [LibraryImport(BpfLibrary.Name)]
    internal static partial int bpf_program__set_type(nint program, int type);

    [LibraryImport(BpfLibrary.Name)]
    internal static partial int bpf_program__set_expected_attach_type(nint program, int type);

    [LibraryImport(BpfLibrary.Name)]
    internal static partial int bpf_program__set_flags(nint program, uint flags);

    [LibraryImport(BpfLibrary.Name)]
    internal static partial int bpf_program__type(nint program);

    [LibraryImport(BpfLibrary.Name)]
    internal static partial int bpf_program__fd(nint program);

    [LibraryImport(BpfLibrary.Name, SetLastError = true)]
    internal static partial nint bpf_program__attach(nint program);

    [LibraryImport(BpfLibrary.Name, SetLastError = true)]
    internal static partial nint bpf_program__attach_xdp(nint program, int interfaceIndex);

    [LibraryImport(BpfLibrary.Name, SetLastError = true)]
    internal static partial nint bpf_program__attach_cgroup(nint program, DirectoryHandle cgroup);

    [LibraryImport(BpfLibrary.Name)]
    internal static partial int bpf_program__set_attach_target(nint program, int otherProgram, byte* name);

    [LibraryImport(BpfLibrary.Name, SetLastError = true)]
    internal static partial nint bpf_program__attach_tracepoint(nint program, byte* category, byte* name);

    [LibraryImport(BpfLibrary.Name, SetLastError = true)]
    internal static partial nint bpf_program__attach_raw_tracepoint(nint program, byte* name);

    [LibraryImport(BpfLibrary.Name, SetLastError = true)]
    internal static partial nint bpf_program__attach_kprobe_opts(nint program, byte* function, KprobeOptions* options);

    [LibraryImport(BpfLibrary.Name, SetLastError = true)]
    internal static partial nint bpf_program__attach_kprobe_multi_opts(nint program, byte* pattern, KprobeMultiOptions* options);

    [LibraryImport(BpfLibrary.Name, SetLastError = true)]
    internal static partial nint bpf_program__attach_ksyscall(nint program, byte* name, SystemCallOptions* options);

    [LibraryImport(BpfLibrary.Name, SetLastError = true)]
    internal static partial nint bpf_program__attach_uprobe_opts(nint program, int process, byte* path, nuint offset, UprobeOptions* options);

    [LibraryImport(BpfLibrary.Name, SetLastError = true)]
    internal static partial nint bpf_program__attach_usdt(nint program, int process, byte* path, byte* provider, byte* name, nint options);

    [LibraryImport(BpfLibrary.Name, SetLastError = true)]
    internal static partial nint bpf_program__attach_perf_event(nint program, int perfEvent);

    [LibraryImport(BpfLibrary.Name, SetLastError = true)]
    internal static partial nint bpf_program__attach_netns(nint program, SafeFileHandle networkNamespace);

    [LibraryImport(BpfLibrary.Name)]
    internal static partial int libbpf_register_prog_handler(byte* section, int programType, int attachType, void* options);

    [LibraryImport(BpfLibrary.Name)]
    internal static partial int libbpf_unregister_prog_handler(int handler);

    [LibraryImport(BpfLibrary.Name, SetLastError = true)]
    internal static partial nint bpf_program__attach_trace(nint program);

    [LibraryImport(BpfLibrary.Name, SetLastError = true)]
    internal static partial nint bpf_program__attach_lsm(nint program);

    [LibraryImport(BpfLibrary.Name, SetLastError = true)]
    internal static partial nint bpf_program__attach_iter(nint program, IteratorOptions* options);

    [LibraryImport(BpfLibrary.Name)]
    internal static partial int bpf_link__destroy(nint link);

    [LibraryImport(BpfLibrary.Name)]
    internal static partial void bpf_link__disconnect(nint link);

    [LibraryImport(BpfLibrary.Name)]
    internal static partial int bpf_link__fd(nint link);

    [LibraryImport(BpfLibrary.Name)]
    internal static partial int bpf_iter_create(int link);

    [LibraryImport(BpfLibrary.Name)]
    internal static partial int bpf_link_create(int program, int target, int attachType, nint options);

    [LibraryImport(BpfLibrary.Name)]
    internal static partial int bpf_prog_get_fd_by_id(uint number);

    [LibraryImport(BpfLibrary.Name)]
    internal static partial int bpf_prog_attach(int program, int target, int place, uint flags);

    [LibraryImport(BpfLibrary.Name)]
    internal static partial int bpf_prog_detach2(int program, int target, int place);

    [LibraryImport(BpfLibrary.Name)]
    internal static partial int bpf_prog_query(int target, int place, uint flags, uint* attachFlags, uint* programs, uint* count);

    [LibraryImport(BpfLibrary.Name)]
    internal static partial byte* bpf_map__name(nint map);

    [LibraryImport(BpfLibrary.Name)]
    internal static partial int bpf_map__fd(nint map);

    [LibraryImport(BpfLibrary.Name)]
    internal static partial int bpf_map__set_max_entries(nint map, uint count);

    [LibraryImport(BpfLibrary.Name)]
    internal static partial int bpf_map__set_key_size(nint map, uint bytes);

    [LibraryImport(BpfLibrary.Name)]
    internal static partial int bpf_map__set_value_size(nint map, uint bytes);

    [LibraryImport(BpfLibrary.Name)]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool bpf_map__is_pinned(nint map);

    [LibraryImport(BpfLibrary.Name)]
    internal static partial int bpf_map__set_autocreate(nint map, [MarshalAs(UnmanagedType.U1)] bool isMade);

    [LibraryImport(BpfLibrary.Name)]
    internal static partial uint bpf_map__type(nint map);

    [LibraryImport(BpfLibrary.Name)]
    internal static partial uint bpf_map__map_flags(nint map);

    [LibraryImport(BpfLibrary.Name)]
    internal static partial int bpf_map__set_map_flags(nint map, uint flags);

    [LibraryImport(BpfLibrary.Name, SetLastError = true)]
    internal static partial nint bpf_map__attach_struct_ops(nint map);

    [LibraryImport(BpfLibrary.Name)]
    internal static partial byte* bpf_map__initial_value(nint map, nuint* size);

    [LibraryImport(BpfLibrary.Name)]
    internal static partial int bpf_btf_load(byte* types, nuint size, nint options);

    [LibraryImport(BpfLibrary.Name)]
    internal static partial int bpf_map_create(int type, byte* name, uint keySize, uint valueSize, uint entries, nint options);

    [LibraryImport(BpfLibrary.Name)]
    internal static partial int bpf_map_update_elem(int map, void* key, void* value, ulong flags);

    [LibraryImport(BpfLibrary.Name)]
    internal static partial int bpf_obj_pin(int descriptor, byte* path);

    [LibraryImport(BpfLibrary.Name)]
    internal static partial int bpf_obj_get(byte* path);

    [LibraryImport(BpfLibrary.Name)]
    internal static partial int bpf_obj_get_info_by_fd(int descriptor, void* info, uint* size);

    [LibraryImport(BpfLibrary.Name)]
    internal static partial int bpf_map_lookup_elem(int map, void* key, void* value);

    [LibraryImport(BpfLibrary.Name)]
    internal static partial int bpf_map_delete_elem(int map, void* key);

    [LibraryImport(BpfLibrary.Name)]
    internal static partial int bpf_map_get_next_key(int map, void* key, void* next);

    [LibraryImport(BpfLibrary.Name)]
    internal static partial int bpf_map_lookup_and_delete_elem(int map, void* key, void* value);

    [LibraryImport(BpfLibrary.Name)]
    internal static partial int bpf_map_lookup_batch(int map, void* from, void* next, void* keys, void* values, uint* count, nint options);

    [LibraryImport(BpfLibrary.Name)]
    internal static partial int libbpf_num_possible_cpus();

    [LibraryImport(BpfLibrary.Name, SetLastError = true)]
    internal static partial nint ring_buffer__new(int map, delegate* unmanaged[Cdecl]<nint, byte*, nuint, int> sample, nint context, nint options);

    [LibraryImport(BpfLibrary.Name)]
    internal static partial int ring_buffer__consume(nint buffer);

    [LibraryImport(BpfLibrary.Name)]
    internal static partial int ring_buffer__epoll_fd(nint buffer);

    [LibraryImport(BpfLibrary.Name)]
    internal static partial void ring_buffer__free(nint buffer);

    [LibraryImport(BpfLibrary.Name, SetLastError = true)]
    internal static partial nint perf_buffer__new(
        int map, nuint pages, delegate* unmanaged[Cdecl]<nint, int, byte*, uint, void> sample, delegate* unmanaged[Cdecl]<nint, int, ulong, void> lost, nint context, nint options);

    [LibraryImport(BpfLibrary.Name)]
    internal static partial int perf_buffer__consume(nint buffer);

    [LibraryImport(BpfLibrary.Name)]
    internal static partial int perf_buffer__epoll_fd(nint buffer);

    [LibraryImport(BpfLibrary.Name)]
    internal static partial void perf_buffer__free(nint buffer);

    [LibraryImport(BpfLibrary.Name)]
    internal static partial int libbpf_prog_type_by_name(byte* name, int* type, int* attachType);

    [LibraryImport(BpfLibrary.Name)]
    internal static partial int bpf_prog_load(int type, byte* name, byte* licence, byte* instructions, nuint count, ProgramLoadOptions* options);
}
