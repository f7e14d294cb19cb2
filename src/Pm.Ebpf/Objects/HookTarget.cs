namespace Pm.Ebpf.Objects;

/// <summary>What stands behind the slash of a section, for kinds of programs that need something there.</summary>
/// <param name="Form">How it is written, for people.</param>
/// <param name="Example">One that most machines have.</param>
/// <param name="Question">What it says: <c>which function is meant</c>.</param>
public sealed record HookTarget(string Form, string Example, string Question)
{
    /// <summary>No path and no name is longer. Source: PATH_MAX, KSYM_NAME_LEN of Linux.</summary>
    const int Longest = 4096 + 512;

    const string OfFunction = "which function is meant";
    const string OfTracepoint = "which tracepoint is meant";
    const string OfSystemCall = "which system call is meant";
    const string OfFile = "which function of which file is meant";
    const string OfDecision = "which decision is meant";

    /// <summary>What stands in the place of a target where a program is to be left out.</summary>
    public const string None = "none";

    /// <summary>Null for kinds that have none.</summary>
    public static HookTarget? Of(HookKind kind) => kind switch
    {
        HookKind.Tracepoint => new("CATEGORY/NAME", "sched/sched_switch", OfTracepoint),
        HookKind.RawTracepoint or HookKind.TypedTracepoint => new("NAME", "sched_switch", OfTracepoint),
        HookKind.Kprobe => new("[MODULE:]FUNCTION[+OFFSET]", "do_unlinkat", OfFunction),
        HookKind.Kretprobe or HookKind.Fentry or HookKind.Fexit => new("[MODULE:]FUNCTION", "do_unlinkat", OfFunction),
        HookKind.FmodRet => new("[MODULE:]FUNCTION", "security_file_open", OfFunction),
        HookKind.KprobeMulti => new("PATTERN", "do_unlink*", "which functions are meant"),
        HookKind.Ksyscall or HookKind.Kretsyscall => new("NAME", "unlinkat", OfSystemCall),
        HookKind.Uprobe => new("FILE:FUNCTION[+OFFSET]", "/bin/bash:readline", OfFile),
        HookKind.Uretprobe => new("FILE:FUNCTION", "/bin/bash:readline", OfFile),
        HookKind.UprobeMulti => new("FILE:PATTERN", "libc.so.6:get*", "which functions of which file are meant"),
        HookKind.Usdt => new("FILE:PROVIDER:NAME", "libstdc++.so.6:libstdcxx:throw", "which mark of which file is meant"),
        HookKind.Lsm or HookKind.LsmCgroup => new("DECISION", "file_open", OfDecision),
        HookKind.Extension => new("PROGRAM[:FUNCTION]", "/sys/fs/bpf/NAME", "which program has the function"),
        HookKind.Iterator => new("KIND", "task", "what it is to walk over"),
        HookKind.Netfilter => new("FAMILY:PLACE[:PRIORITY]", "ip4:local-in", "where it is to look at packets"),
        HookKind.MapIterator => new("MAP", "MAP", "which map it is to walk over"),
        HookKind.SocketMap => new("MAP", "MAP", "which map has the sockets"),
        _ => null,
    };

    /// <summary>The option of <c>pm run</c> that says what its section does not; null: there is nothing to say.</summary>
    public static string? OptionOf(ProgramSpec program)
    {
        ArgumentNullException.ThrowIfNull(program);
        return program.Hook.Kind switch
        {
            HookKind.Xdp or HookKind.TrafficControl or HookKind.Netkit or HookKind.SocketFilter => "--interface NAME",
            HookKind.Cgroup or HookKind.SocketOperations or HookKind.LsmCgroup => "--cgroup DIR",
            HookKind.PerfEvent => "--frequency HZ",
            var kind when !IsSaid(program) && Of(kind) is { } target => $"--at {program.Name}={target.Form}",
            _ => null,
        };
    }

    /// <summary>Whether a program's section, or its user, says what is needed; also where nothing is.</summary>
    public static bool IsSaid(ProgramSpec program)
    {
        ArgumentNullException.ThrowIfNull(program);
        return IsOne(program.Hook.Kind, program.Hook.Target) && (program.Hook.Kind is not HookKind.Extension || ReplacedFunction.Of(program.Hook.Target) is { Function.Length: > 0 });
    }

    /// <summary>Whether it is written as one for programs of that kind is.</summary>
    public static bool IsOne(HookKind kind, string target)
    {
        ArgumentNullException.ThrowIfNull(target);
        return Of(kind) is null || (target.Length is > 0 and <= Longest && !target.Any(char.IsControl) && kind switch
        {
            HookKind.Tracepoint => target.Split('/') is [not "", not ""],
            HookKind.Kprobe => FunctionPlace.OfKernel(target) is not null,
            HookKind.Kretprobe => FunctionPlace.OfKernel(target) is { Offset: 0 },
            HookKind.Fentry or HookKind.Fexit or HookKind.FmodRet => FunctionPlace.OfKernel(target) is not null && !target.Contains('+', StringComparison.Ordinal),
            HookKind.Uprobe => FunctionPlace.OfFile(target) is not null,
            HookKind.Uretprobe => FunctionPlace.OfFile(target) is { Offset: 0 } or { Function: "" },
            HookKind.UprobeMulti => FunctionsOf(target) is not null,
            HookKind.Netfilter => NetfilterPlace.Parse(target) is not null,
            HookKind.Usdt => MarkOf(target) is not null,
            HookKind.Extension => ReplacedFunction.Of(target) is not null,
            HookKind.MapIterator or HookKind.SocketMap => true,
            _ => !target.Contains('/', StringComparison.Ordinal),
        });
    }

    /// <summary>The parts of <c>FILE:PATTERN</c>.</summary>
    internal static (string File, string Pattern)? FunctionsOf(string target) =>
        target.LastIndexOf(':') is > 0 and var colon && colon + 1 < target.Length && !target[colon..].Contains('/', StringComparison.Ordinal) ? (target[..colon], target[(colon + 1)..]) : null;

    /// <summary>The parts of <c>FILE:PROVIDER:NAME</c>.</summary>
    internal static (string File, string Provider, string Name)? MarkOf(string target)
    {
        var last = target.LastIndexOf(':');
        var first = last <= 0 ? -1 : target.LastIndexOf(':', last - 1);
        return first <= 0 || first + 1 == last || last + 1 == target.Length ? null : (target[..first], target[(first + 1)..last], target[(last + 1)..]);
    }
}
