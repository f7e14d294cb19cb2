using Pm.Ebpf.Btf;
using Pm.Ebpf.Fitting;
using Pm.Ebpf.Objects;
using Pm.Ebpf.Probing;
using Pm.Linux;

namespace Pm.Ebpf.Loading;

/// <summary>
/// Spares libbpf the types of the whole kernel, where all that it needs them for can be told it: relocations, which an excerpt answers, and what programs with types are for, which are a few numbers.
/// Otherwise it reads the kernel's, as it does by itself.
/// </summary>
sealed class KernelExcerpt(BpfSpec spec, KernelProbe kernel) : IDisposable
{
    MemoryFile? _file;
    bool _isMade;
    bool _isLeft;

    /// <summary>The object was opened with what is told here.</summary>
    public bool IsUsed { get; private set; }

    /// <summary>A file for libbpf with the types that relocations ask for; null: it is to read the kernel's, where there are any.</summary>
    public string? Path => IsUsed ? _file?.Path : null;

    /// <summary>Of the programs with types that are to be loaded, all or none.</summary>
    public IReadOnlyList<HookNumber> Numbers { get; private set; } = [];

    /// <summary>Finds out what can be told.</summary>
    /// <param name="programs">Those that are to be loaded.</param>
    public void Prepare(IEnumerable<ProgramSpec> programs)
    {
        (IsUsed, Numbers) = (false, []);
        var typed = programs.Where(p => !IsUntyped(p.Hook.Kind)).ToList();
        var isRelocated = spec.Extension is { Relocations.IsEmpty: false };

        // Where libbpf reads the kernel's types for anything else, it would read an excerpt besides. Source: obj_needs_vmlinux_btf of libbpf.
        if (_isLeft || (isRelocated ? !TypeExcerpt.IsEnoughFor(spec) : typed.Count == 0) || spec.Externals.Any(e => e.Section == ".ksyms") || !typed.All(HookNumbers.Concerns))
        {
            return;
        }

        try
        {
            if (kernel is { IsRunning: true, Types: { } types } && (typed.Count == 0 ? [] : HookNumbers.Find(types, typed)) is { } numbers && (!isRelocated || HasFile(types)))
            {
                (IsUsed, Numbers) = (true, numbers);
            }
        }
        catch (Exception e) when (e is SystemCallException or EbpfFormatException or IOException or UnauthorizedAccessException)
        {
            // libbpf says why.
        }
    }

    /// <summary>Nothing more is told, and no retry with it.</summary>
    public void Leave()
    {
        (_isLeft, IsUsed, Numbers) = (true, false, []);
        Dispose();
    }

    public void Dispose()
    {
        _file?.Dispose();
        _file = null;
    }

    bool HasFile(BtfFile types)
    {
        if (!_isMade)
        {
            _isMade = true;
            _file = TypeExcerpt.Of(types, spec, () => LoadedModules.HaveTypes) is { } excerpt ? MemoryFile.Create("pm-types", excerpt) : null;
        }

        return _file is not null;
    }

    static bool IsUntyped(HookKind kind) => kind is HookKind.Tracepoint or HookKind.RawTracepoint or HookKind.Kprobe or HookKind.Kretprobe or HookKind.KprobeMulti
        or HookKind.Ksyscall or HookKind.Kretsyscall or HookKind.Uprobe or HookKind.Uretprobe or HookKind.UprobeMulti or HookKind.Usdt or HookKind.Xdp or HookKind.TrafficControl or HookKind.Netkit
        or HookKind.SocketFilter or HookKind.Cgroup or HookKind.SocketOperations or HookKind.SocketMap or HookKind.NetworkNamespace or HookKind.PerfEvent;
}
