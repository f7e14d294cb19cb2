using System.Collections.Immutable;
using Pm.Ebpf.Btf;
using Pm.Ebpf.Headers;
using Pm.Ebpf.Objects;

namespace Pm.Ebpf.Fitting;

/// <summary>All that is known of a kernel that an object is to run on.</summary>
public sealed class KernelFacts
{
    /// <summary>What the name of a system call's function begins with, by machines.</summary>
    internal static readonly string[] SystemCallPrefixes = ["__x64_sys_", "__arm64_sys_", "__riscv_sys_", "__s390x_sys_", "__se_sys_", "sys_"];

    readonly Lazy<HashSet<string>> _functionsForPrograms;

    /// <param name="types">Its types; null where they are not known.</param>
    /// <param name="description">What else is known.</param>
    public KernelFacts(BtfFile? types, KernelDescription description) =>
        (Types, Description, _functionsForPrograms) = (types, description, new(() => types is null ? [] : [.. KernelFunctions.Of(types).Select(f => f.Name)]));

    public BtfFile? Types { get; }

    public KernelDescription Description { get; }

    /// <summary>Whether the kernel that runs here has a function of that name, of whatever types; null for other kernels.</summary>
    public Func<string, bool?>? HasSymbol { get; init; }

    /// <summary>Whether the kernel that runs here has functions with names like that (<c>*</c>, <c>?</c>); null for other kernels.</summary>
    public Func<string, bool?>? HasSymbolLike { get; init; }

    /// <summary>Why a program cannot be attached to its file, of the machine that runs this; null where nothing speaks against it, and for other machines.</summary>
    public Func<ProgramHook, string?>? FileFault { get; init; }

    /// <summary>Whether the kernel that runs here takes a program of that kind, which is tried now; null for other kernels, of which the description says it.</summary>
    public Func<string, bool?>? TakesNow { get; init; }

    /// <summary>Why a program may not call a helper, by its number, with the object's licence, of the kernel that runs here, which is tried now; null where nothing speaks against it, and for other kernels.</summary>
    public Func<ProgramSpec, int, string, string?>? HelperFaultNow { get; init; }

    /// <summary>Functions are looked for without what stands behind <c>___</c> in their names, as for types: libbpf does so from 1.3 on. Null for other kernels, where the rules count.</summary>
    public Func<bool>? TakesFlavoursNow { get; init; }

    /// <summary>Whether the kernel that runs here has a tracepoint of that category and name; null for other kernels, and where it is not known.</summary>
    public Func<string, string, bool>? HasTracepointNow { get; init; }

    /// <summary>All tracepoints of the kernel that runs here; null for other kernels, of which the description says them.</summary>
    public Func<ImmutableSortedSet<string>?>? TracepointsNow { get; init; }

    /// <summary>Where the last field of a tracepoint ends, of the kernel that runs here; null where that cannot be read, and for other kernels.</summary>
    public Func<string, string, int?>? TracepointEndNow { get; init; }

    /// <summary>The types of its modules; null where they are not known.</summary>
    public ModuleTypes? Modules { get; init; }

    /// <summary>The module that has a function of that name and is not loaded, of the kernel that runs here; null where none is known.</summary>
    public Func<string, string?>? UnloadedModuleWith { get; init; }

    /// <summary>Whether a module can be loaded when it is asked for, of the kernel that runs here; null for other kernels.</summary>
    public Func<string, bool>? MayLoad { get; init; }

    /// <summary>What the kernel that runs here was built with, null where that cannot be read; null for other kernels.</summary>
    public Func<KernelConfiguration?>? ConfigurationNow { get; init; }

    /// <summary>The version of the kernel that runs here, as libbpf finds it; null for other kernels, of which the description says it.</summary>
    public Func<LinuxVersion?>? VersionNow { get; init; }

    /// <summary>What it was built with; null where that is not known.</summary>
    internal KernelConfiguration? Configuration() => ConfigurationNow?.Invoke();

    internal LinuxVersion? Version => VersionNow is not null ? VersionNow() : Description.Release is { } release ? LinuxVersion.OfRelease(release) : null;

    /// <summary>It is known that the kernel has no types.</summary>
    public bool HasNoTypes => Types is null && Description.TypesDigest is "";

    /// <summary>All tracepoints, as <c>category/name</c>; null where they are not known.</summary>
    internal ImmutableSortedSet<string>? Tracepoints => TracepointsNow is null ? Description.Tracepoints : TracepointsNow();

    /// <summary>Whether there is such a tracepoint, by their list; null where that is not known.</summary>
    internal bool? HasTracepoint(string category, string name) => HasTracepointNow?.Invoke(category, name) is true ? true : Tracepoints?.Contains($"{category}/{name}");

    /// <summary>Whether a program of that kind is taken; null where it is not known.</summary>
    internal bool? Takes(string kind) => TakesNow is not null ? TakesNow(kind) : Description.Programs.TryGetValue(kind, out var takes) ? takes : null;

    /// <summary>How sure it is that what its types do not have is not there: a module may have it.</summary>
    internal FitVerdict Absence => Modules is not null || Description.Modules.IsEmpty ? FitVerdict.No : FitVerdict.Unknown;

    internal string AbsenceNote => Absence is FitVerdict.No ? "" : "; one of its modules may have it";

    /// <summary>Whether the kernel itself has a function of that name, as its types say; null where they are not known.</summary>
    internal bool? HasFunction(string name) => Types is null ? null : Types.Find(BtfKind.Function, name) is not null;

    /// <summary>Whether the kernel or one of its modules has it; null where the types of neither are known.</summary>
    internal bool? Has(BtfKind kind, string name) => Types is null ? null : Types.Find(kind, name) is not null || ModuleWith(kind, name) is not null;

    /// <summary>The module that has it where the kernel itself has not; null: none is known to.</summary>
    internal string? ModuleWith(BtfKind kind, string name) => Types is null || Types.Find(kind, name) is not null ? null : Modules?.Find(kind, name)?.Module;

    /// <summary>A type of the kernel, or of the first module that has it; null where there is none, or none is known.</summary>
    internal BtfType? Find(BtfKind kind, string name) => Types?.Find(kind, name) ?? (Types is null ? null : Modules?.Find(kind, name)?.Type);

    /// <summary>The types of a function of the kernel; null where there is none, or none is known.</summary>
    internal BtfType? FindFunction(FunctionPlace place) => place.File switch
    {
        "" => Find(BtfKind.Function, place.Function),
        FunctionPlace.KernelItself => Types?.Find(BtfKind.Function, place.Function),
        var module => Types is null ? null : Modules?.Of(module)?.Find(BtfKind.Function, place.Function),
    };

    internal bool? HasTracepointType(string name) => Types is not null ? Has(BtfKind.Typedef, TracepointType + name)
        : Tracepoints?.Any(t => t.EndsWith("/" + name, StringComparison.Ordinal));

    /// <summary>The tracepoints that <see cref="HasTracepointType"/> knows by their types; none where there are no types.</summary>
    internal IEnumerable<string> TracepointTypes => (Types?.Types ?? []).Concat((Modules?.All ?? []).SelectMany(m => m.Types.Types))
        .Where(t => t.Kind is BtfKind.Typedef && t.NameBytes().StartsWith("btf_trace_"u8)).Select(t => t.Name[TracepointType.Length..]).Distinct();

    /// <summary>What functions of the kernel are called behind such a beginning: its security decisions, its iterators.</summary>
    internal IEnumerable<string> NamesBehind(string beginning) => (Types?.Types ?? []).Where(t => t.Kind is BtfKind.Function && t.Name.StartsWith(beginning, StringComparison.Ordinal)).Select(t => t.Name[beginning.Length..]);

    /// <summary>What the name of a tracepoint's type begins with. Source: BTF_TRACE_PREFIX of libbpf.</summary>
    internal const string TracepointType = "btf_trace_";

    /// <summary>Why a function is not there, as far as that is known.</summary>
    internal string FunctionAbsence(string name, string otherwise) => UnloadedModuleWith?.Invoke(name) is { } module
        ? $": module `{module}` has it, which is not loaded (`modprobe {module}`)"
        : otherwise + AbsenceNote;

    /// <summary>
    /// Whether a function of the kernel itself is one that programs may call (kfunc); which of them, its types do not say. Null where that is not known: kernels before 6.10 do not mark theirs.
    /// </summary>
    internal bool? IsForPrograms(string name) => HasFunction(name) is not true || _functionsForPrograms.Value.Count == 0 ? null : _functionsForPrograms.Value.Contains(name);

    /// <summary>Whether one of the kernel's enumerations has that value; null where it is not known.</summary>
    internal bool? HasValue(string enumeration, string prefix, long value)
    {
        if (Types?.Find(BtfKind.Enum, enumeration) is not { } found)
        {
            return null;
        }

        return found.Enumerators.Any(e => e.Value == value && e.Name.StartsWith(prefix, StringComparison.Ordinal) && !e.Name.StartsWith("__", StringComparison.Ordinal));
    }

    /// <summary>Whether functions of the kernel can be traced by breakpoints.</summary>
    internal bool? HasKprobes => Description.EventSources?.Contains("kprobe") ?? (HasFunction("register_kprobe") is false ? false : null);

    /// <summary>Several at once; they need what fentry needs of ftrace, not kprobes.</summary>
    internal bool? HasFprobes => HasFunction("register_fprobe") is false || HasFunction("bpf_kprobe_multi_link_attach") is false ? false : null;

    /// <summary>Links of traffic control are younger than its programs. Source: BPF_TCX_INGRESS.</summary>
    public bool? HasTrafficControlLinks => HasValue("bpf_attach_type", "BPF_", 46);

    /// <summary>Links of programs and maps of sockets are younger than both. Source: BPF_LINK_TYPE_SOCKMAP.</summary>
    public bool? HasSocketMapLinks => HasValue("bpf_link_type", "BPF_LINK_TYPE_", 14);

    internal bool? HasUprobes => Description.EventSources?.Contains("uprobe") ?? HasFunction("uprobe_register");

    /// <summary>The name of the function of a system call on the machine; null where there is none, or it is not known.</summary>
    internal string? SystemCallFunction(string name) =>
        SystemCallPrefixes.Select(p => p + name).FirstOrDefault(f => HasFunction(f) is true);

    /// <summary>Whether the machine has that system call; null where it is not known.</summary>
    internal bool? HasSystemCall(string name) => SystemCallFunction(name) is not null ? true
        : HasSymbol is null || SystemCallPrefixes.Any(p => HasSymbol(p + name) is null) ? null
        : SystemCallPrefixes.Any(p => HasSymbol(p + name) is true);

    /// <summary>
    /// Whether programs may change what a function returns: security decisions, and what a kernel is built to let fail. Null where it is not known.
    /// Source: check_attach_modify_return of Linux.
    /// </summary>
    internal bool? IsModifiable(string function) => function.StartsWith("security_", StringComparison.Ordinal) ? true
        : HasFunction("within_error_injection_list") is false && HasFunction("register_btf_fmodret_id_set") is false ? false : null;
}
