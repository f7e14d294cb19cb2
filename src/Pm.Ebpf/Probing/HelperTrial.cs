using System.Buffers.Binary;
using System.Text;
using Pm.Ebpf.Btf;
using Pm.Ebpf.Loading;
using Pm.Ebpf.Native;
using Pm.Ebpf.Objects;

namespace Pm.Ebpf.Probing;

/// <summary>
/// Finds out whether the kernel lets programs of a kind, at their place, call a helper: by loading one that does that alone. Which helpers are for whom, no table of the kernel says. What it is called with is wrong, and
/// the verifier says so only after it has said whether it may be called at all. Source: check_helper_call of Linux.
/// </summary>
sealed unsafe class HelperTrial(KernelProbe kernel)
{
    const int LongestLog = 8 << 10;
    const int LongestLicence = 64;

    /// <summary>What is not tried any more is not known: an object of many programs may name any.</summary>
    const int MostTrials = 2000;

    /// <summary>BPF_F_SLEEPABLE.</summary>
    const uint MayWait = 1 << 4;

    /// <summary>Those that write into the kernel's own log when a program has them (trace_printk, probe_write_user, trace_vprintk), and one that is no call (tail_call).</summary>
    static readonly HashSet<int> Untried = [6, 12, 36, 177];

    /// <summary>In the words of Linux from 6.10 on, those of before, and those of helpers that the verifier looks at one by one (get_func_ip).</summary>
    static readonly string[] Refusals = ["program of this type cannot use helper ", "unknown func ", "not supported for program type ", "supported only for "];

    readonly Dictionary<(TrialKind Kind, int Helper, string Licence), string> _said = [];

    /// <summary>Why a program may not call a helper that the kernel has; null: it may, or that is not known.</summary>
    /// <param name="program">As its section has it, or its user says.</param>
    /// <param name="helper">Its number.</param>
    /// <param name="licence">The object's.</param>
    public string? Fault(ProgramSpec program, int helper, string licence)
    {
        if (Untried.Contains(helper) || KindOf(program) is not { } kind)
        {
            return null;
        }

        var key = (kind, helper, licence);
        if (!_said.TryGetValue(key, out var said))
        {
            _said[key] = said = _said.Count < MostTrials ? Ask(kind, helper, licence) : "";
        }

        var name = NameOf(helper);
        return IsForOthers(said) ? $"this kernel has no `{name}` for programs of `{kind.Name}`"
            : said.Contains("GPL-restricted", StringComparison.Ordinal) ? $"`{name}` is for programs under the GPL alone, and the object's licence is \"{licence}\""
            : said.Contains("helper call is not allowed in probe", StringComparison.Ordinal) ? $"this kernel lets no program at `{program.Hook.Target}` call `{name}`"
            : said.Contains("might sleep", StringComparison.Ordinal) || said.Contains("sleepable helper ", StringComparison.Ordinal) ? $"`{name}` may wait, and programs of `{kind.Name}` may not{(HasWaiting(program.Hook.Kind) ? $": those of `{kind.Name}.s` may" : "")}"
            : null;
    }

    /// <summary>Whether there are programs of that kind that may wait. Source: the sections of libbpf that end with <c>.s</c>.</summary>
    static bool HasWaiting(HookKind kind) => kind is HookKind.Fentry or HookKind.Fexit or HookKind.FmodRet or HookKind.Lsm or HookKind.Iterator or HookKind.Uprobe or HookKind.Uretprobe or HookKind.UprobeMulti;

    static bool IsForOthers(string said) => Refusals.Any(r => said.Contains(r, StringComparison.Ordinal));

    string NameOf(int helper) => kernel.Types?.Find(BtfKind.Enum, "bpf_func_id")?.Enumerators.FirstOrDefault(e => e.Value == helper).Name is { } name && name.StartsWith("BPF_FUNC_", StringComparison.Ordinal)
        ? "bpf_" + name["BPF_FUNC_".Length..]
        : $"helper number {helper}";

    string Ask(TrialKind kind, int helper, string licence)
    {
        var target = kind.TargetType is var (of, name) ? kernel.Types?.Find(of, name) : null;
        if (kind.Target is not null && target is null)
        {
            return "";
        }

        // call HELPER; r0 = 0; exit
        Span<byte> code = [0x85, 0, 0, 0, 0, 0, 0, 0, 0xb7, 0, 0, 0, 0, 0, 0, 0, 0x95, 0, 0, 0, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32LittleEndian(code[4..], helper);
        Span<byte> log = stackalloc byte[LongestLog];
        log.Clear();
        var named = new byte[LongestLicence + 1];
        Encoding.UTF8.GetEncoder().Convert(licence, named.AsSpan(..LongestLicence), flush: true, out _, out _, out _);
        fixed (byte* said = log)
        {
            var options = new ProgramLoadOptions { AttachType = kind.AttachType, TypeId = target?.Id ?? 0, Flags = kind.Flags, LogLevel = 1, LogSize = LongestLog, Log = (nint)said };
            ProgramTrial.Load(kind.Type, code, options, named).Dispose();
        }

        return Encoding.UTF8.GetString(log[..Math.Max(0, log.IndexOf((byte)0))]);
    }

    /// <summary>What the kernel is told of a program when it is loaded; null where it is for a function of a module or of another program, or is one of a struct.</summary>
    static TrialKind? KindOf(ProgramSpec program)
    {
        var section = program.Section.TrimStart('?').Split('/')[0];
        var name = section.EndsWith(".s", StringComparison.Ordinal) ? section[..^2] : section;
        var flags = program.Hook.IsSleepable ? MayWait : 0;
        var expected = AttachType.Of(program) ?? 0;
        TrialKind Of(int type) => new(name, type, expected, Flags: flags);
        TrialKind? Traced(int type, int attach, string? target) => target is { Length: > 0 } ? new(name, type, attach, target, flags) : null;
        var place = FunctionPlace.Of(program.Hook);
        var function = place is null || place.IsInModule ? null : place.Function;
        return program.Hook.Kind switch
        {
            HookKind.Tracepoint => Of(5),
            HookKind.RawTracepoint => Of(name.EndsWith(".w", StringComparison.Ordinal) ? 24 : 17),
            HookKind.Kprobe or HookKind.Kretprobe or HookKind.Ksyscall or HookKind.Kretsyscall or HookKind.KprobeMulti
                or HookKind.Uprobe or HookKind.Uretprobe or HookKind.Usdt or HookKind.UprobeMulti => Of(2),
            HookKind.PerfEvent => Of(7),
            HookKind.Xdp => Of(6),
            HookKind.TrafficControl or HookKind.Netkit => new(name, 3),
            HookKind.SocketFilter => Of(1),
            HookKind.SocketOperations => Of(13),
            HookKind.SocketMap => Of(expected is AttachType.Messages ? 16 : 14),
            HookKind.Netfilter => Of(32),
            HookKind.TypedTracepoint => Traced(26, 23, program.Hook.Target),
            HookKind.Fentry => Traced(26, 24, function),
            HookKind.Fexit => Traced(26, 25, function),
            HookKind.FmodRet => Traced(26, 26, function),
            HookKind.Iterator => Traced(26, 28, program.Hook.Target),
            HookKind.Lsm => Traced(29, 27, program.Hook.Target),
            HookKind.LsmCgroup => Traced(29, 43, program.Hook.Target),
            HookKind.Cgroup or HookKind.NetworkNamespace => OfLibrary(name, program.Section.TrimStart('?')),
            _ => null,
        };
    }

    /// <summary>Where the section's name says both numbers.</summary>
    static TrialKind? OfLibrary(string name, string section)
    {
        fixed (byte* named = BpfObject.Terminated(section))
        {
            int type, attach;
            var isKnown = LibBpf.libbpf_prog_type_by_name(named, &type, &attach) == 0;
            LibBpfLog.Take();
            return isKnown ? new TrialKind(name, type, attach) : null;
        }
    }
}
