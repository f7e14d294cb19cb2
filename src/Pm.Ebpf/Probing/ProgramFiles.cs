using System.Collections.Immutable;
using Pm.Ebpf.Objects;
using Pm.Ebpf.Symbols;
using Pm.Linux;

namespace Pm.Ebpf.Probing;

/// <summary>The programs and libraries of this machine that eBPF programs are attached to. Source: resolve_full_path of libbpf.</summary>
/// <param name="variable">What the environment says.</param>
public sealed class ProgramFiles(Func<string, string?> variable)
{
    /// <summary>Where the system has them, whatever the environment says.</summary>
    public static ProgramFiles OfSystem { get; } = new(_ => null);

    /// <summary>Why a program cannot be attached to its file; null where nothing is known that speaks against it.</summary>
    public string? WhyNot(ProgramHook hook)
    {
        ArgumentNullException.ThrowIfNull(hook);
        var mark = hook.Kind is HookKind.Usdt ? HookTarget.MarkOf(hook.Target) : null;
        var place = hook.Kind is HookKind.Uprobe or HookKind.Uretprobe ? FunctionPlace.OfFile(hook.Target) : null;
        var many = hook.Kind is HookKind.UprobeMulti ? HookTarget.FunctionsOf(hook.Target) : null;
        if ((mark?.File ?? many?.File ?? place?.File) is not { } name)
        {
            return null;
        }

        if (PathOf(name) is not { } path)
        {
            return Lacking(name);
        }

        if (!IsFile(path))
        {
            return NoFile(name);
        }

        try
        {
            using var file = File.OpenRead(path);
            return !ProgramFile.IsOne(file) ? NoFile(name)
                : mark is not null ? ProgramFile.HasMark(file, mark.Value.Provider, mark.Value.Name) is false ? $"`{name}` has no mark `{mark.Value.Provider}:{mark.Value.Name}`" : null
                : many is not null ? ProgramFile.FunctionsLike(file, many.Value.Pattern) is { Length: 0 } ? $"`{name}` has no function with a name that `{many.Value.Pattern}` stands for" : null
                : place!.Function.Length == 0 ? place.Offset >= (ulong)file.Length ? PastEnd(name, place.Offset, file.Length) : null
                : ProgramFile.HasFunction(file, place.Function) is false ? $"`{name}` has no function `{place.Function}` that it gives a name" : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>The file of a program that is for many functions, and where in it these begin; null where there is none, or that cannot be said.</summary>
    internal (string Path, ImmutableArray<ulong> Offsets)? FunctionsOf(ProgramHook hook)
    {
        if (HookTarget.FunctionsOf(hook.Target) is not var (name, pattern) || PathOf(name) is not { } path || !IsFile(path))
        {
            return null;
        }

        try
        {
            using var file = File.OpenRead(path);
            return ProgramFile.FunctionsLike(file, pattern) is { Length: > 0 } offsets ? (path, [.. offsets]) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>Why a program cannot be attached to what lies there, whoever looks into it: opening a pipe waits for who writes into it, and libbpf would wait as well. Null where it is a file, or at a path where there is nothing.</summary>
    public string? WhyNoFile(ProgramHook hook)
    {
        ArgumentNullException.ThrowIfNull(hook);
        return FileOf(hook) is not { } file ? null
            : !IsName(file) ? Path.Exists(file) && !IsFile(file) ? NoFile(file) : WhyNoPlace(hook, file)
            : Find(file) is { } path ? WhyNoPlace(hook, path) : Lacking(file);
    }

    /// <summary>An offset that the file does not have: the kernel says of it no more than that something is wrong.</summary>
    static string? WhyNoPlace(ProgramHook hook, string path) =>
        hook.Kind is HookKind.Uprobe or HookKind.Uretprobe && FunctionPlace.OfFile(hook.Target) is { Function: "" } place && FileStatusOf(path) is { Kind: FileKind.Regular } status && place.Offset >= (ulong)status.Size
            ? PastEnd(place.File, place.Offset, status.Size) : null;

    /// <summary>The path of a file that a program's hook names without one: libbpf takes the first that it may read, which need not be a file. Null where the hook names none so.</summary>
    /// <exception cref="FileNotFoundException">It is not there any more.</exception>
    internal string? Resolve(ProgramHook hook) => FileOf(hook) is { } file && IsName(file) ? Find(file) ?? throw new FileNotFoundException(Lacking(file)) : null;

    /// <summary>The first file of that name among libraries or programs; null where there is none.</summary>
    public string? Find(string name) => Candidates(name).FirstOrDefault(p => FileStatusOf(p) is { Kind: FileKind.Regular } && (IsLibrary(name) ? PathAccess.CanRead(p) : PathAccess.CanRun(p)));

    static string Lacking(string name) => $"there is no program or library `{name}`";

    static string PastEnd(string name, ulong offset, long length) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"`{name}` has {length} bytes, and 0x{offset:x} is behind them");

    static string NoFile(string name) => $"`{name}` is no program or library";

    static string? FileOf(ProgramHook hook) => hook.Kind switch
    {
        HookKind.Usdt => HookTarget.MarkOf(hook.Target)?.File,
        HookKind.UprobeMulti => HookTarget.FunctionsOf(hook.Target)?.File,
        HookKind.Uprobe or HookKind.Uretprobe => FunctionPlace.OfFile(hook.Target)?.File,
        _ => null,
    };

    static bool IsName(string file) => !file.Contains('/', StringComparison.Ordinal);

    static FileStatus? FileStatusOf(string path)
    {
        try
        {
            return FileStatus.Of(path);
        }
        catch (SystemCallException)
        {
            return null;
        }
    }

    static bool IsFile(string path)
    {
        try
        {
            return FileStatus.Of(path) is null or { Kind: FileKind.Regular };
        }
        catch (SystemCallException)
        {
            return true;
        }
    }

    string? PathOf(string name) => IsName(name) ? Find(name) : Path.Exists(name) ? name : null;

    IEnumerable<string> Candidates(string name) => Directories(name).Select(d => Path.Join(d, name));

    IEnumerable<string> Directories(string name) => IsLibrary(name)
        ? [.. Words("LD_LIBRARY_PATH"), "/usr/lib64", "/usr/lib", .. OfMachine]
        : [.. Words("PATH"), "/usr/bin", "/usr/sbin"];

    static bool IsLibrary(string name) => name.EndsWith(".so", StringComparison.Ordinal) || name.Contains(".so.", StringComparison.Ordinal);

    string[] Words(string name) => (variable(name) ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);

    static string[] OfMachine => System.Runtime.InteropServices.RuntimeInformation.OSArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => ["/lib/x86_64-linux-gnu"],
        System.Runtime.InteropServices.Architecture.Arm64 => ["/lib/aarch64-linux-gnu"],
        System.Runtime.InteropServices.Architecture.RiscV64 => ["/lib/riscv64-linux-gnu"],
        System.Runtime.InteropServices.Architecture.S390x => ["/lib/s390x-linux-gnu"],
        System.Runtime.InteropServices.Architecture.Ppc64le => ["/lib/powerpc64le-linux-gnu"],
        System.Runtime.InteropServices.Architecture.LoongArch64 => ["/lib/loongarch64-linux-gnu"],
        _ => [],
    };
}
