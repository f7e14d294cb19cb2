using Pm.Ebpf.Fitting;
using Pm.Ebpf.Objects;
using Pm.Ebpf.Probing;
using Pm.Linux;

namespace Pm.Ebpf.Loading;

/// <summary>Gives libbpf an excerpt of the kernel's types in their place, where an object's relocations are all that it needs them for. Without one it reads the kernel's, as it does by itself.</summary>
sealed class KernelExcerpt(BpfSpec spec, KernelProbe kernel) : IDisposable
{
    MemoryFile? _file;
    bool _isMade;

    /// <summary>The object was opened with it.</summary>
    public bool IsUsed { get; private set; }

    /// <summary>A file for libbpf; null: it is to read the kernel's types.</summary>
    /// <param name="programs">Those that are to be loaded.</param>
    public string? PathFor(IEnumerable<ProgramSpec> programs)
    {
        // Where libbpf reads the kernel's types for anything else, it would read an excerpt besides. Source: obj_needs_vmlinux_btf of libbpf.
        if (!TypeExcerpt.IsEnoughFor(spec) || spec.Externals.Any(e => e.Section == ".ksyms") || !programs.All(p => IsUntyped(p.Hook.Kind)))
        {
            IsUsed = false;
            return null;
        }

        if (!_isMade)
        {
            _isMade = true;
            _file = Make();
        }

        IsUsed = _file is not null;
        return _file?.Path;
    }

    /// <summary>No more excerpt, and no retry with one.</summary>
    public void Leave()
    {
        (_isMade, IsUsed) = (true, false);
        Dispose();
    }

    public void Dispose()
    {
        _file?.Dispose();
        _file = null;
    }

    MemoryFile? Make()
    {
        try
        {
            return kernel is { IsRunning: true, Types: { } types } && TypeExcerpt.Of(types, spec, () => LoadedModules.HaveTypes) is { } excerpt ? MemoryFile.Create("pm-types", excerpt) : null;
        }
        catch (Exception e) when (e is SystemCallException or EbpfFormatException or IOException or UnauthorizedAccessException)
        {
            // libbpf says why.
            return null;
        }
    }

    static bool IsUntyped(HookKind kind) => kind is HookKind.Tracepoint or HookKind.RawTracepoint or HookKind.Kprobe or HookKind.Kretprobe or HookKind.KprobeMulti
        or HookKind.Ksyscall or HookKind.Kretsyscall or HookKind.Uprobe or HookKind.Uretprobe or HookKind.UprobeMulti or HookKind.Usdt or HookKind.Xdp or HookKind.TrafficControl or HookKind.Netkit
        or HookKind.SocketFilter or HookKind.Cgroup or HookKind.SocketOperations or HookKind.SocketMap or HookKind.NetworkNamespace or HookKind.PerfEvent;
}
