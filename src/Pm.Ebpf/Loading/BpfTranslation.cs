using Pm.Ebpf.Fitting;
using Pm.Ebpf.Objects;
using Pm.Ebpf.Probing;
using Pm.Linux;

namespace Pm.Ebpf.Loading;

/// <summary>Finds the true cause of a refusal. What the kernel and libbpf say often names another one: first is asked what would explain it. Source: docs/ebpf.md.</summary>
/// <param name="spec">The object.</param>
/// <param name="kernel">The kernel that refuses.</param>
/// <param name="files">Where libraries and programs lie; null: where the system has them.</param>
sealed class BpfTranslation(BpfSpec spec, KernelProbe kernel, ProgramFiles? files = null)
{
    const int NotSupported = 95;
    const int AddressNotAvailable = 99;

    /// <summary>libbpf's own errors begin here.</summary>
    const int LibraryErrors = 4000;

    /// <summary>What keeps the whole object from being run on this machine; null for nothing that is known before it is tried.</summary>
    public BpfError? OfMachine(bool hasOwnTypes)
    {
        if (!kernel.MayTrace)
        {
            return new BpfError("PM8030", $"eBPF needs root or CAP_BPF and CAP_PERFMON (have: {kernel.CapabilitiesHeld})") { Hint = "`sudo pm run …`" };
        }

        if (spec.Maps.Any(m => m.IsPinnedByName) && !KernelProbe.TryMountBpffs())
        {
            return new BpfError("PM8032", "bpffs is not mounted, where the object keeps maps") { Hint = $"`sudo mount -t bpf bpf {KernelProbe.BpffsPath}`" };
        }

        return !kernel.HasTypes && !hasOwnTypes && spec.Extension is { Relocations.IsEmpty: false }
            ? new BpfError("PM8031", "this kernel does not say what types it has (CONFIG_DEBUG_INFO_BTF), which the object depends on") { Hint = "`pm run --btf FILE …`" }
            : null;
    }

    /// <summary>The kernel finds the place of such by its own types.</summary>
    static bool IsTyped(HookKind kind) =>
        kind is HookKind.TypedTracepoint or HookKind.Fentry or HookKind.Fexit or HookKind.FmodRet or HookKind.Lsm or HookKind.LsmCgroup or HookKind.Iterator or HookKind.MapIterator or HookKind.StructOperations;

    static BpfError Untyped(ProgramSpec program) => Named(program, "PM8031", "this kernel does not say what types it has (CONFIG_DEBUG_INFO_BTF), by which such programs find their place") with
    {
        Hint = "no file helps: one on a tracepoint or a kprobe runs here, with `pm run --btf FILE` where it reads the kernel's structs",
    };

    /// <summary>What of this kernel keeps one program from its hook; null for nothing that is known before it is tried.</summary>
    /// <param name="program">The program.</param>
    /// <param name="runsOn">It is to stay at its hook when this process has ended.</param>
    public BpfError? OfHook(ProgramSpec program, bool runsOn = false) => program.Hook.Kind switch
    {
        _ when UnattachedKinds.WhyNot(program) is { } reason => Named(program, "PM8039", reason),
        _ when !HookTarget.IsSaid(program) && HookTarget.Of(program.Hook.Kind) is { } target =>
            Incomplete(program, $"its section does not say {target.Question}: `--at {program.Name}={target.Form}` does", $"`pm run --at {program.Name}={target.Example} …`"),
        var kind when !kernel.HasTypes && IsTyped(kind) => Untyped(program),
        HookKind.SocketFilter when runsOn =>
            Named(program, "PM8057", "it looks through a socket, which ends with the process that has it") with { Hint = "without `-d` it runs for as long as pm does" },
        HookKind.Tracepoint => OfTracepoint(program),
        HookKind.StructOperations when OperationsFit.Check(spec, program, Facts).FirstOrDefault(f => f.Verdict is FitVerdict.No) is { } finding => Named(program, finding.Code, finding.Cause),
        HookKind.StructOperations when OperationsRegistration.WhyNone(spec, Facts) is { } reason => Named(program, "PM8040", reason),
        HookKind.MapIterator or HookKind.SocketMap when NamedMap.WhyNot(spec, program) is { } reason =>
            Incomplete(program, reason, $"`pm run --at {program.Name}=MAP …`, or the path of a map that is pinned: `--at {program.Name}=/sys/fs/bpf/…`"),
        HookKind.Kprobe or HookKind.Kretprobe or HookKind.KprobeMulti or HookKind.Ksyscall or HookKind.Kretsyscall when !kernel.HasKprobes =>
            Named(program, "PM8033", $"this kernel has no kprobes (CONFIG_KPROBES){(program.Hook.Target.Length > 0 ? $"; needs: {program.Hook.Target}" : "")}"),
        _ when NewerHooks.Concerns(program) && NewerHooks.Check(program, Facts) is { Verdict: FitVerdict.No } lack => Named(program, lack.Code, lack.Cause),
        HookKind.Uprobe or HookKind.Uretprobe or HookKind.UprobeMulti or HookKind.Usdt when (files ?? ProgramFiles.OfSystem).WhyNoFile(program.Hook) is { } fault => Named(program, "PM8039", fault),
        // For all others the kernel's types need not be read.
        _ when FunctionPlace.Of(program.Hook) is { IsInModule: true } && ModuleFunction.Check(program.Hook, Facts) is { Verdict: FitVerdict.No } finding => Named(program, finding.Code, finding.Cause),
        // It would be attached, and never called.
        HookKind.Lsm or HookKind.LsmCgroup when kernel.AsksForDecisions is false => Unasked(program),
        _ => null,
    };

    /// <summary>Why the object was not loaded; of a program where one is to blame.</summary>
    public BpfError OfLoad(LibBpfException failure, IReadOnlyDictionary<string, uint> sizes)
    {
        if (SettingFault(failure.Log) is { } fault)
        {
            return new BpfError("PM8040", fault) { Log = failure.Log };
        }

        if (failure.Errno >= LibraryErrors || failure.Call == "bpf_object__open_mem")
        {
            return new BpfError("PM8020", spec.Undeclared is [var name, ..]
                ? $"{spec.Where}: it uses `{name}`, which nothing declares: neither the object, nor the kernel as far as the object says"
                : $"{spec.Where}: not an eBPF object that libbpf takes: {LibBpfText.Last(failure)}")
            { Log = failure.Log };
        }

        if (LibBpfText.ProgramOf(failure.Log) is { } blamed && spec.Programs.FirstOrDefault(p => p.Name == blamed) is { } program)
        {
            return OfProgram(program, failure) with { Log = failure.Log };
        }

        if (LibBpfText.MissingKernelFunction(failure.Log) is { } function)
        {
            return Lacking(function) with { Log = failure.Log };
        }

        return spec.Maps.FirstOrDefault(m => m.MaximumEntries == 0 && !sizes.ContainsKey(m.Name) && failure.Log.Contains($"map '{m.Name}': failed to create", StringComparison.Ordinal)) is { } map
            ? new BpfError("PM8038", $"map `{map.Name}` has no size; its user is to set it") { Log = failure.Log, Hint = $"`pm run --map-size {map.Name}=1024 …`" }
            : spec.Maps.FirstOrDefault(m => failure.Log.Contains($"map '{m.Name}': failed to create", StringComparison.Ordinal)) is { } refused
            ? new BpfError("PM8040", $"the kernel does not make map `{refused.Name}` ({refused.Kind}, keys of {refused.KeySize} and values of {refused.ValueSize} bytes{(sizes.TryGetValue(refused.Name, out var size) || (size = refused.MaximumEntries) > 0 ? $", {size} entries" : "")}): {Words(failure.Errno)}") { Log = failure.Log, Hint = $"`pm run --map-size {refused.Name}=N …` makes it another size" }
            : new BpfError("PM8040", $"the kernel does not take the object: {LibBpfText.Last(failure)}") { Log = failure.Log };
    }

    /// <summary>What is wrong with a variable that libbpf was to set and speaks of last; null: it is something else.</summary>
    string? SettingFault(string log) => !log.Contains("extern", StringComparison.Ordinal) && !log.Contains("Kconfig", StringComparison.Ordinal) ? null
        : spec.Externals.Where(e => e.Section == KernelSetting.Section && (log.Contains(e.Name, StringComparison.Ordinal) || log.Contains("failed to open system Kconfig", StringComparison.Ordinal)))
            .Select(e => KernelSetting.Of(e, () => kernel.Configuration, KernelProbe.Version).Fault).FirstOrDefault(f => f is not null);

    /// <summary>What the kernel means by a number, where it makes a map.</summary>
    static string Words(int errno) => errno switch
    {
        Errno.E2BIG => "it is too large",
        Errno.ENOMEM => "there is not so much memory",
        _ => System.Runtime.InteropServices.Marshal.GetPInvokeErrorMessage(errno),
    };

    /// <summary>Why a program that is loaded was not attached.</summary>
    public BpfError OfAttach(ProgramSpec program, LibBpfException failure) => (failure.Errno switch
    {
        _ when NewerRefusals.Of(program, failure.Errno) is var (code, cause, hint) => Named(program, code, cause) with { Hint = hint },
        Errno.EACCES when program.Hook.Kind is HookKind.Tracepoint && failure.Log.Contains("failed to create BPF link", StringComparison.Ordinal) =>
            Named(program, "PM8037", "it reads past the tracepoint's fields"),
        Errno.EACCES when program.Hook.Kind is HookKind.Tracepoint =>
            Named(program, "PM8030", "the number of the tracepoint may not be read: that needs CAP_DAC_READ_SEARCH") with { Hint = "`sudo pm run …`" },
        Errno.ENOENT or Errno.EINVAL or AddressNotAvailable when program.Hook.Kind is HookKind.Kprobe or HookKind.Kretprobe && kernel.HasSymbol(FunctionOf(program)) is false => Missing(program),
        Errno.EINVAL or AddressNotAvailable when program.Hook.Kind is HookKind.Kprobe or HookKind.Kretprobe && kernel.HasSymbol(FunctionOf(program)) is true =>
            Named(program, "PM8034", $"function `{FunctionOf(program)}` of this kernel may not be traced there (/sys/kernel/debug/kprobes/blacklist)"),
        Errno.EBUSY when program.Hook.Kind is HookKind.Xdp => Taken(program),
        Errno.ENOENT when program.Hook.Kind is HookKind.KprobeMulti => Named(program, "PM8034", $"this kernel has no function to trace that `{program.Hook.Target}` stands for"),
        Errno.ENOENT when program.Hook.Kind is HookKind.Ksyscall or HookKind.Kretsyscall => Named(program, "PM8034", $"this kernel has no system call `{program.Hook.Target}`{Nearest.Suggestion(program.Hook.Target, KernelFacts.SystemCallPrefixes.SelectMany(Facts.NamesBehind).Distinct(StringComparer.Ordinal))}"),
        Errno.ENOENT when program.Hook.Kind is HookKind.RawTracepoint => NoTracepoint(program),
        Errno.ENOENT when FunctionPlace.Of(program.Hook) is { IsInModule: true } place => Named(program, "PM8034", $"module `{place.File}` has no function `{place.Function}` to trace, or is not loaded"),
        _ when program.Hook.Kind is HookKind.Uprobe or HookKind.Uretprobe or HookKind.Usdt && LibBpfText.MissingFile(failure.Log) is { } file =>
            Named(program, "PM8039", $"there is no program or library `{file}`"),
        _ when program.Hook.Kind is HookKind.Uprobe or HookKind.Uretprobe && LibBpfText.IsSymbolMissing(failure.Log) && FunctionPlace.OfFile(program.Hook.Target) is { } place =>
            Named(program, "PM8039", $"`{place.File}` has no function `{place.Function}` that it gives a name") with { Hint = $"`nm -D {place.File}` lists those for others, and `nm` all where it was not stripped" },
        _ when program.Hook.Kind is HookKind.Uprobe or HookKind.Uretprobe or HookKind.Usdt && LibBpfText.IsNoProgram(failure.Log) => Named(program, "PM8039", $"`{FileOf(program)}` is no program or library"),
        Errno.ENOENT when program.Hook.Kind is HookKind.Usdt && HookTarget.MarkOf(program.Hook.Target) is var (file, provider, name) =>
            Named(program, "PM8039", $"`{file}` has no mark `{provider}:{name}`") with { Hint = $"`readelf -n {file}` lists those that it has" },
        Errno.EBADF when program.Hook.Kind is HookKind.Cgroup or HookKind.SocketOperations or HookKind.LsmCgroup =>
            Named(program, "PM8039", "the directory that is given for it is no control group (cgroup2)") with { Hint = ControlGroups.Root is { } root ? $"`pm run --cgroup {root} …`" : "`mount -t cgroup2` lists where they are" },
        Errno.EACCES when program.Hook.Kind is HookKind.MapIterator => Named(program, "PM8039", $"it reads more than keys or values of map `{program.Hook.Target}` have"),
        Errno.EINVAL when program.Hook.Kind is HookKind.MapIterator => Named(program, "PM8039", NamedMap.Unfit(program)),
        Errno.ENOENT when program.Hook.Kind is HookKind.MapIterator or HookKind.SocketMap => Named(program, "PM8039", $"there is no map `{program.Hook.Target}`") with { Hint = "`sudo find /sys/fs/bpf` lists what is pinned" },
        Errno.EEXIST when program.Hook.Kind is HookKind.StructOperations => Named(program, "PM8039", $"{StructsOf(program)}: this kernel has one of that name already"),
        _ when program.Hook.Kind is HookKind.StructOperations && failure.Errno is not Errno.EPERM => Named(program, "PM8039", $"{StructsOf(program)}: this kernel does not take it: {LibBpfText.Last(failure)}"),
        Errno.EPERM or Errno.EACCES when failure.Call == "bpf_obj_get" => Named(program, "PM8039", Unseen(program.Hook.Target)),
        Errno.EINVAL or NotSupported when program.Hook.Kind is HookKind.SocketMap => Named(program, "PM8039", NamedMap.Unfit(program)),
        Errno.EPERM => Unpermitted(program),
        NotSupported => Named(program, "PM8039", "its section does not say where it is to be attached"),
        _ => Named(program, "PM8039", $"it cannot be attached: {LibBpfText.Last(failure)}"),
    }) with
    { Log = failure.Log };

    /// <summary>The same, where the kernel was asked without libbpf.</summary>
    public BpfError OfAttach(ProgramSpec program, SystemCallException failure) => failure.Errno switch
    {
        _ when NewerRefusals.Of(program, failure.Errno) is var (code, cause, hint) => Named(program, code, cause) with { Hint = hint },
        Errno.EPERM or Errno.EACCES => Unpermitted(program),
        Errno.ENOENT when program.Hook.Kind is HookKind.TrafficControl && TrafficControl.ModuleOf(failure) is { } module =>
            Named(program, "PM8039", LacksFilters(module)) with { Hint = $"`sudo modprobe {module}`" },
        _ => Named(program, "PM8039", $"it cannot be attached: {failure.Message}"),
    };

    /// <summary>Why what its user says is nothing that it can be aimed at.</summary>
    public BpfError OfAim(ProgramSpec program, LibBpfException failure) => (failure.Errno switch
    {
        Errno.EPERM or Errno.EACCES when failure.Call == "bpf_obj_get" => Named(program, "PM8039", Unseen(ReplacedFunction.Of(program.Hook.Target)!.Program)),
        Errno.EPERM or Errno.EACCES => Named(program, "PM8030", $"the kernel does not let this process look at what it is for (have: {kernel.Capabilities})") with { Hint = "`sudo pm run …`" },
        _ when program.Hook.Kind is HookKind.Extension => OfReplacement(program, ReplacedFunction.Of(program.Hook.Target)!, failure),
        Errno.ESRCH or Errno.ENOENT => Missing(program),
        _ => Named(program, "PM8039", $"it cannot be attached: {LibBpfText.Last(failure)}"),
    }) with
    { Log = failure.Log };

    /// <summary>An interface has one program of that kind. Source: dev_xdp_attach of Linux.</summary>
    BpfError Taken(ProgramSpec program) => spec.Programs.FirstOrDefault(p => p.Hook is { Kind: HookKind.Xdp, IsOptional: false } && p.Name != program.Name) is { } other
        ? Named(program, "PM8039", $"an interface has one program of xdp, and another is there; `--at {other.Name}={HookTarget.None}` leaves one of this object out") with { Hint = $"`pm run --at {other.Name}={HookTarget.None} …`" }
        : Named(program, "PM8039", "an interface has one program of xdp, and another is there") with { Hint = "`ip link show` says which interfaces have one, `sudo bpftool net` all of them" };

    string Unseen(string path) => $"`{path}` is nothing that is pinned, or this process may not look at it (have: {kernel.Capabilities})";

    static BpfError OfReplacement(ProgramSpec program, ReplacedFunction function, LibBpfException failure) => (failure.Errno, IsFound: failure.Call == "bpf_program__set_attach_target") switch
    {
        (_, IsFound: true) when failure.Log.Contains("doesn't have BTF", StringComparison.Ordinal) => Named(program, "PM8039", $"program `{function.Program}` has no types, so nothing takes the place of its functions"),
        (Errno.ENOENT or Errno.ESRCH, IsFound: true) => Named(program, "PM8039", $"program `{function.Program}` has no function `{function.Function}`") with { Hint = "`sudo bpftool prog dump xlated` shows its functions" },
        (_, IsFound: true) => Named(program, "PM8039", $"it cannot take the place of function `{function.Function}` of program `{function.Program}`: {LibBpfText.Last(failure)}"),
        (Errno.ENOENT, _) => Named(program, "PM8039", $"there is no program `{function.Program}`") with { Hint = "`sudo bpftool prog` lists programs by their numbers, `sudo find /sys/fs/bpf` what is pinned" },
        _ => Named(program, "PM8039", $"`{function.Program}` is no program, and holds none"),
    };

    /// <summary>Of a kernel before Linux 6.6.</summary>
    internal static string LacksFilters(string module) => $"this kernel has no links of traffic control (Linux 6.6), and module `{module}` for filters in their place is neither loaded nor to be had";

    /// <summary>A program that somebody has to say more of.</summary>
    public static BpfError Incomplete(ProgramSpec program, string what, string hint) => Named(program, "PM8039", what) with { Hint = hint };

    /// <summary>A program of a struct that lacks another.</summary>
    public static BpfError Forsaken(ProgramSpec program, string beside) => Named(program, "PM8041", $"it stands in one struct with program `{beside}`, which cannot be run here");

    KernelFacts Facts => new(kernel.Types, KernelDescription.Unknown) { Modules = kernel.Modules };

    BpfError? OfTracepoint(ProgramSpec program)
    {
        if (!kernel.TryMountTracefs())
        {
            return kernel.HidesTracefs
                ? Named(program, "PM8030", $"tracefs may not be read: that needs CAP_DAC_READ_SEARCH (have: {kernel.Capabilities})") with { Hint = "`sudo pm run …`" }
                : Named(program, "PM8032", "tracefs is not mounted") with { Hint = $"`sudo mount -t tracefs tracefs {KernelProbe.TracefsPath}`" };
        }

        // One question to the kernel where it is there; to list them all takes as long as to attach.
        if (program.Hook.Target.Split('/') is not [var category, var name] || kernel.HasTracepoint(category, name))
        {
            return null;
        }

        var known = kernel.Tracepoints(category).ToList();
        return known.Count == 0
            ? Named(program, "PM8034", $"this kernel has no tracepoints `{category}/…`{Nearest.Suggestion(category, kernel.TracepointCategories())}")
            : known.Contains(name) ? null : Named(program, "PM8034", $"this kernel has no tracepoint `{category}/{name}`{Nearest.Suggestion(name, known)}");
    }

    BpfError OfProgram(ProgramSpec program, LibBpfException failure)
    {
        var usesTrampoline = program.Hook.Kind is HookKind.Fentry or HookKind.Fexit or HookKind.FmodRet or HookKind.Lsm or HookKind.LsmCgroup or HookKind.Extension;
        if (LibBpfText.AreModulesHidden(failure.Log))
        {
            return Named(program, "PM8030", $"what it asks for is not in the kernel itself, and to look into its modules needs CAP_SYS_ADMIN (have: {kernel.Capabilities})") with { Hint = "`sudo pm run …`" };
        }

        if (LibBpfText.IsFunctionMissing(failure.Log) || (program.Hook.Kind is HookKind.Kprobe or HookKind.Kretprobe && program.Hook.Target.Length > 0 && kernel.HasSymbol(FunctionOf(program)) is false))
        {
            return Missing(program);
        }

        if (usesTrampoline && failure.Errno == Errno.EPERM && kernel.HasTypedTracepoints && !kernel.HasTrampolines)
        {
            var what = program.Hook.Kind is HookKind.Lsm or HookKind.LsmCgroup ? "lsm" : program.Hook.Kind is HookKind.Extension ? "freplace" : "fentry, fexit and lsm";
            return Named(program, "PM8035", $"this kernel refuses {what} programs (trampolines disabled)");
        }

        if (LibBpfText.IsKindMissing(failure.Log))
        {
            return Named(program, "PM8039", $"its section `{program.Section}` does not say what it is");
        }

        if (failure.Errno == Errno.EPERM && !LibBpfText.HasVerdict(failure.Log))
        {
            if (ConcernsNetworks(program.Hook.Kind) && !kernel.Capabilities.Has(ProcessCapabilities.NetAdmin) && !kernel.Capabilities.Has(ProcessCapabilities.SystemAdmin))
            {
                return Named(program, "PM8030", $"to load it needs CAP_NET_ADMIN (have: {kernel.Capabilities})") with { Hint = "`sudo pm run …`" };
            }

            return Named(program, "PM8030", $"the kernel does not let this process load it (have: {kernel.Capabilities})") with { Hint = "`sudo pm run …`" };
        }

        return LibBpfText.MissingField(failure.Log) is { } field
            ? Named(program, "PM8036", $"field `{field}` does not exist in this kernel")
            : Refused(program, LibBpfText.Verdict(failure));
    }

    /// <summary>Source: is_net_admin_prog_type of Linux.</summary>
    static bool ConcernsNetworks(HookKind kind) =>
        kind is HookKind.Xdp or HookKind.TrafficControl or HookKind.Netkit or HookKind.SocketMap or HookKind.SocketOperations or HookKind.Cgroup or HookKind.Netfilter or HookKind.Extension;

    BpfError Refused(ProgramSpec program, string verdict) => Named(program, "PM8036", $"the verifier refuses it: {verdict}") with
    {
        Hint = (verdict.Contains("mem access", StringComparison.Ordinal) && (verdict.Contains("_or_null'", StringComparison.Ordinal) || verdict.Contains("'scalar'", StringComparison.Ordinal)) ? "what may be NULL, as what a map or a buffer gives, is to be compared with it before it is used; "
            : verdict.Contains("GPL", StringComparison.Ordinal) && spec.Licence.Length == 0 ? "it says no licence: `char LICENSE[] SEC(\"license\") = \"GPL\";`; "
            : "") + "`pm run -v …` shows all that the verifier says",
    };

    BpfError Unpermitted(ProgramSpec program) =>
        Named(program, "PM8030", $"the kernel does not let this process attach it (have: {kernel.Capabilities})") with { Hint = "`sudo pm run …`" };

    BpfError Lacking(string function) => kernel.UnloadedModuleWith(function) is { } module
        ? new BpfError("PM8040", $"this kernel has no function `{function}` for programs (kfunc): module `{module}` has it, which is not loaded") { Hint = $"`sudo modprobe {module}`" }
        : new BpfError("PM8040", $"this kernel has no function `{function}` for programs (kfunc){Nearest.Suggestion(function, kernel.Functions())}");

    BpfError Unasked(ProgramSpec program) =>
        Named(program, "PM8035", "this kernel asks no eBPF program for security decisions") with { Hint = $"boot with `lsm={string.Join(',', kernel.SecurityModules ?? [])},bpf`" };

    /// <summary>Of <c>kprobe/FUNCTION+OFFSET</c>.</summary>
    static string FunctionOf(ProgramSpec program) => FunctionPlace.Of(program.Hook)?.Function ?? program.Hook.Target;

    /// <summary>Where a program is one of several functions.</summary>
    string StructsOf(ProgramSpec program) => string.Join(", ", spec.OperationsByProgram[program.Name].Select(o => $"`{o.Type} {o.Name}`"));

    /// <summary>Of what is attached to a file.</summary>
    static string FileOf(ProgramSpec program) => HookTarget.MarkOf(program.Hook.Target)?.File ?? FunctionPlace.OfFile(program.Hook.Target)?.File ?? program.Hook.Target;

    BpfError NoTracepoint(ProgramSpec program) =>
        Named(program, "PM8034", $"this kernel has no tracepoint `{program.Hook.Target}`{Nearest.Suggestion(program.Hook.Target, Facts.TracepointTypes)}");

    BpfError Missing(ProgramSpec program) => program.Hook.Kind is HookKind.TypedTracepoint
        ? NoTracepoint(program)
        : program.Hook.Kind is HookKind.Lsm or HookKind.LsmCgroup
        ? Named(program, "PM8034", $"this kernel has no security decision `{program.Hook.Target}`{Nearest.Suggestion(program.Hook.Target, Facts.NamesBehind("bpf_lsm_"))}")
        : program.Hook.Kind is HookKind.Iterator
        ? Named(program, "PM8034", $"this kernel has no iterator `{program.Hook.Target}`{Nearest.Suggestion(program.Hook.Target, Facts.NamesBehind("bpf_iter_"))}")
        : kernel.UnloadedModuleWith(FunctionOf(program)) is { } module
            ? Named(program, "PM8034", $"this kernel has no function `{FunctionOf(program)}` to trace: module `{module}` has it, which is not loaded") with { Hint = $"`sudo modprobe {module}`" }
        : program.Hook.Kind is not (HookKind.Kprobe or HookKind.Kretprobe) && kernel.HasSymbol(FunctionOf(program)) is true
            ? Named(program, "PM8034", $"this kernel has function `{FunctionOf(program)}`, and no types of it")
            : Named(program, "PM8034", $"this kernel has no function `{FunctionOf(program)}` to trace (renamed or inlined?){Nearest.Suggestion(FunctionOf(program), kernel.Functions())}");

    static BpfError Named(ProgramSpec program, string code, string cause) => new(code, cause) { Program = program.Name, Hook = program.Place };
}
