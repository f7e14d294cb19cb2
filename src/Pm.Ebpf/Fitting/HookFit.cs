using Pm.Ebpf.Btf;
using Pm.Ebpf.Loading;
using Pm.Ebpf.Objects;
using Pm.Ebpf.Probing;

namespace Pm.Ebpf.Fitting;

/// <summary>Whether a kernel has what makes it run a program. What it says is what <see cref="Loading.ObjectStart"/> would come to.</summary>
sealed class HookFit(KernelFacts kernel)
{
    /// <summary>What filters of traffic control need, and a function that each has. Source: net/sched/sch_ingress.c, net/sched/cls_bpf.c.</summary>
    static readonly (string Module, string Function)[] FilterModules = [("sch_ingress", "clsact_init"), ("cls_bpf", "cls_bpf_classify")];

    public IEnumerable<FitFinding> Check(ProgramSpec program)
    {
        var hook = program.Hook;
        if (UnattachedKinds.WhyNot(program) is { } reason)
        {
            return [FitFinding.No("PM8039", reason)];
        }

        // Its user says it, now or when it is run: whether that is there, nobody knows before.
        return HookTarget.IsSaid(program) || HookTarget.Of(hook.Kind) is not { } target ? CheckHook(program, hook)
            : CheckHook(program, hook).Where(f => f.Code is not "PM8034")
                .Append(FitFinding.Open("PM8039", $"its section does not say {target.Question}: `--at {program.Name}={target.Form}` does"));
    }

    IEnumerable<FitFinding> CheckHook(ProgramSpec program, ProgramHook hook) => hook.Kind switch
    {
        HookKind.Tracepoint => Tracepoint(hook.Target),
        HookKind.RawTracepoint => Taken("raw_tp", "raw tracepoints").Concat(TypedTracepoint(hook.Target)),
        HookKind.TypedTracepoint => Taken("tp_btf", "typed tracepoints").Concat(NeedTypes()).Concat(TypedTracepoint(hook.Target)),
        HookKind.Kprobe or HookKind.Kretprobe => Kprobes(hook.Target).Concat(FunctionForKprobe(hook.Target)),
        HookKind.KprobeMulti => Kprobes(hook.Target).Concat(Fprobes()).Concat(Newer(program)).Concat(FunctionsLike(hook.Target)),
        HookKind.Ksyscall or HookKind.Kretsyscall => Kprobes(hook.Target).Concat(SystemCall(hook.Target)),
        HookKind.Uprobe or HookKind.Uretprobe or HookKind.Usdt => Uprobes().Concat(kernel.FileFault?.Invoke(hook) is { } fault ? [FitFinding.No("PM8039", fault)] : []),
        HookKind.UprobeMulti => Uprobes().Concat(Newer(program)).Concat(kernel.FileFault?.Invoke(hook) is { } fault ? [FitFinding.No("PM8039", fault)] : []),
        HookKind.Fentry => Traced("fentry", hook),
        HookKind.Fexit => Traced("fexit", hook),
        HookKind.FmodRet => Traced("fmod_ret", hook).Concat(Modifiable(hook)),
        HookKind.Lsm => Trampoline("lsm", "bpf_lsm_" + hook.Target).Concat(SecurityModule()),
        HookKind.LsmCgroup => Trampoline("lsm_cgroup", "bpf_lsm_" + hook.Target).Concat(SecurityModule()),
        HookKind.Iterator => Taken("iter", "iterators").Concat(NeedTypes()).Concat(Iterator(hook.Target)),
        HookKind.MapIterator => Taken("iter", "iterators").Concat(NeedTypes()).Concat(Iterator(program.Section.Split('/')[1])),
        HookKind.Xdp => Taken("xdp", "xdp programs").Concat(ProgramType(6, "xdp")),
        HookKind.TrafficControl => Taken("tc", "programs of traffic control").Concat(ProgramType(3, "traffic control")).Concat(TrafficControlPlace()),
        HookKind.Netkit => Taken("tc", "programs of traffic control").Concat(Newer(program)),
        HookKind.Netfilter => Newer(program),
        HookKind.Cgroup or HookKind.SocketOperations => Cgroup(program),
        HookKind.SocketFilter => Taken("socket", "programs that look through a socket").Concat(ProgramType(1, "sockets")),
        HookKind.PerfEvent => Taken("perf_event", "programs that sample").Concat(ProgramType(7, "sampling")).Concat(Clocks()),
        HookKind.NetworkNamespace => Taken(program.Section.TrimStart('?').Split('/')[0], "programs of a network"),
        HookKind.StructOperations => Taken("struct_ops", "programs that are functions of its structs").Concat(NeedTypes()),
        HookKind.SocketMap => Taken(program.Section.TrimStart('?').Split('/')[0], "programs of sockets in maps"),
        HookKind.Extension => NeedTypes().Concat(Replacement(hook)),
        HookKind.Unknown => [FitFinding.No("PM8039", $"its section `{program.Section}` does not say what it is")],
        _ => [FitFinding.No("PM8039", "its section does not say where it is to be attached")],
    };

    IEnumerable<FitFinding> Newer(ProgramSpec program) => NewerHooks.Check(program, kernel) is { } finding ? [finding] : [];

    /// <summary>The module that the hook is in, as far as types say it; null for the kernel itself.</summary>
    public string? ModuleOf(ProgramHook hook) => hook.Kind switch
    {
        _ when FunctionPlace.Of(hook) is { } place => !place.IsInModule ? kernel.ModuleWith(BtfKind.Function, place.Function)
            : place.File != FunctionPlace.KernelItself && kernel.FindFunction(place) is not null ? place.File : null,
        HookKind.RawTracepoint or HookKind.TypedTracepoint => kernel.ModuleWith(BtfKind.Typedef, KernelFacts.TracepointType + hook.Target),
        HookKind.Tracepoint when hook.Target.Split('/') is [not "syscalls", var name] => kernel.ModuleWith(BtfKind.Typedef, KernelFacts.TracepointType + name),
        HookKind.Iterator => kernel.ModuleWith(BtfKind.Function, "bpf_iter_" + hook.Target),
        _ => null,
    };

    IEnumerable<FitFinding> Tracepoint(string target)
    {
        if (target.Split('/') is not [var category, var name])
        {
            return [];
        }

        if (kernel.HasTracepoint(category, name) is { } has)
        {
            return has ? [] : [FitFinding.No("PM8034", $"this kernel has no tracepoint `{target}`{Suggestion(target, category, kernel.Tracepoints!)}")];
        }

        // System calls have no types of their own: their entry and exit have, and each call its function.
        return HasByTypes(category, name) switch
        {
            true => [],
            null => [FitFinding.Open("PM8034", "which tracepoints the kernel has is not known")],
            false => [FitFinding.Open("PM8034", $"the kernel's types do not name tracepoint `{target}`, and its list is not known")],
        };
    }

    bool? HasByTypes(string category, string name)
    {
        var call = name.StartsWith("sys_enter_", StringComparison.Ordinal) ? name["sys_enter_".Length..] : name.StartsWith("sys_exit_", StringComparison.Ordinal) ? name["sys_exit_".Length..] : null;
        return category == "syscalls" && call is not null && kernel.Types is not null
            ? kernel.HasFunction("perf_syscall_enter") is true && kernel.SystemCallFunction(call) is not null
            : kernel.HasTracepointType(name);
    }

    static string Suggestion(string target, string category, IEnumerable<string> known)
    {
        var same = known.Where(k => k.StartsWith(category + "/", StringComparison.Ordinal)).ToList();
        return Nearest.Suggestion(target, same.Count > 0 ? same : known);
    }

    IEnumerable<FitFinding> TypedTracepoint(string name) => kernel.HasTracepointType(name) switch
    {
        true => [],
        null => [FitFinding.Open("PM8034", "which tracepoints the kernel has is not known")],
        false => [new FitFinding(kernel.Absence, "PM8034", $"this kernel has no tracepoint `{name}`{kernel.AbsenceNote}{Nearest.Suggestion(name, kernel.TracepointTypes)}")],
    };

    IEnumerable<FitFinding> Kprobes(string target) => kernel.HasKprobes switch
    {
        true => [],
        null => [FitFinding.Open("PM8033", "whether the kernel has kprobes is not known")],
        false => [FitFinding.No("PM8033", $"this kernel has no kprobes (CONFIG_KPROBES){(target.Length > 0 ? $"; needs: {target}" : "")}")],
    };

    IEnumerable<FitFinding> Fprobes() => kernel.HasFprobes is false ? [FitFinding.No("PM8033", "this kernel cannot trace many functions at once (CONFIG_FPROBE)")] : [];

    /// <summary>A kprobe needs no types, so a function may be there without any.</summary>
    IEnumerable<FitFinding> FunctionForKprobe(string target)
    {
        if (FunctionPlace.OfKernel(target) is not { } place)
        {
            return [];
        }

        var name = place.Function;
        if (place.File is not ("" or FunctionPlace.KernelItself))
        {
            return kernel.FindFunction(place) is not null ? []
                : kernel.HasSymbol?.Invoke(name) is false ? [FitFinding.No("PM8034", $"this kernel has no function `{name}` to trace{kernel.FunctionAbsence(name, " (renamed, inlined, or its module is not loaded?)")}")]
                : [FitFinding.Open("PM8034", $"whether module `{place.File}` has function `{name}` is not known: its types do not say it")];
        }

        return kernel.HasFunction(name) is true || kernel.HasSymbol?.Invoke(name) is true || kernel.Has(BtfKind.Function, name) is true ? []
            : kernel.HasSymbol?.Invoke(name) is false ? [FitFinding.No("PM8034", $"this kernel has no function `{name}` to trace{kernel.FunctionAbsence(name, " (renamed, inlined, or its module is not loaded?)")}{Nearest.Suggestion(name, kernel.NamesBehind(""))}")]
            : [FitFinding.Open("PM8034", $"whether the kernel has function `{name}` is not known: its types do not say it")];
    }

    /// <summary>Which of them may be traced the kernel says when it is asked for all at once.</summary>
    IEnumerable<FitFinding> FunctionsLike(string pattern) => kernel.HasSymbolLike?.Invoke(pattern) is false ? [FitFinding.No("PM8034", $"this kernel has no function to trace that `{pattern}` stands for")] : [];

    IEnumerable<FitFinding> SystemCall(string name) => kernel.HasSystemCall(name) is { } has
        ? has ? [] : [FitFinding.No("PM8034", $"this kernel has no system call `{name}`{Nearest.Suggestion(name, KernelFacts.SystemCallPrefixes.SelectMany(kernel.NamesBehind).Distinct(StringComparer.Ordinal))}")]
        : kernel.Types is null ? []
        : [FitFinding.Open("PM8034", $"the kernel's types name no function of system call `{name}`")];

    IEnumerable<FitFinding> Uprobes() => kernel.HasUprobes switch
    {
        true => [],
        null => [FitFinding.Open("PM8033", "whether the kernel has uprobes is not known")],
        false => [FitFinding.No("PM8033", "this kernel has no uprobes (CONFIG_UPROBES)")],
    };

    /// <summary>Where anything counts for perf events, the clock does.</summary>
    IEnumerable<FitFinding> Clocks() => kernel.Description.EventSources is { IsEmpty: true } ? [FitFinding.No("PM8039", "this kernel has no perf events (CONFIG_PERF_EVENTS)")] : [];

    IEnumerable<FitFinding> Traced(string kind, ProgramHook hook) => FunctionPlace.Of(hook) is { IsInModule: true }
        ? Trampoline(kind, "").Concat(ModuleFunction.Check(hook, kernel) is { } finding ? [finding] : [])
        : Trampoline(kind, hook.Target);

    IEnumerable<FitFinding> Modifiable(ProgramHook hook) => FunctionPlace.Of(hook) is not { } place ? [] : kernel.IsModifiable(place.Function) switch
    {
        true => [],
        null => [FitFinding.Open("PM8036", $"whether the kernel lets programs change what `{place.Function}` returns is not known")],
        false => [FitFinding.No("PM8036", $"this kernel lets no program change what `{place.Function}` returns")],
    };

    IEnumerable<FitFinding> Trampoline(string kind, string function)
    {
        foreach (var finding in NeedTypes())
        {
            yield return finding;
        }

        if (kernel.Takes(kind) is var takes and not true)
        {
            yield return takes is null
                ? FitFinding.Open("PM8035", $"whether the kernel takes {kind} programs is not known")
                : FitFinding.No("PM8035", $"this kernel refuses {kind} programs (trampolines disabled)");
        }

        if (function.StartsWith("bpf_lsm_", StringComparison.Ordinal))
        {
            if (kernel.HasFunction(function) is false)
            {
                yield return FitFinding.No("PM8034", $"this kernel has no security decision `{function["bpf_lsm_".Length..]}`{Nearest.Suggestion(function["bpf_lsm_".Length..], kernel.NamesBehind("bpf_lsm_"))}");
            }
        }
        else if (function.Length > 0 && kernel.Has(BtfKind.Function, function) is false)
        {
            yield return kernel.HasSymbol?.Invoke(function) is true
                ? FitFinding.No("PM8034", $"this kernel has function `{function}`, and no types of it")
                : new FitFinding(kernel.Absence, "PM8034", $"this kernel has no function `{function}` to trace{kernel.FunctionAbsence(function, " (renamed or inlined?)")}{Nearest.Suggestion(function, kernel.NamesBehind(""))}");
        }
    }

    /// <summary>It is put there as what traces functions is.</summary>
    IEnumerable<FitFinding> Replacement(ProgramHook hook)
    {
        if ((kernel.Takes("freplace") ?? kernel.Takes("fentry")) is false)
        {
            yield return FitFinding.No("PM8035", "this kernel refuses freplace programs");
        }
        else if (ReplacedFunction.Of(hook.Target) is { Function.Length: > 0 } function)
        {
            yield return FitFinding.Open("PM8039", $"whether program `{function.Program}` has a function `{function.Function}` that it can take the place of is not known before it is run");
        }
    }

    IEnumerable<FitFinding> SecurityModule() => kernel.Description.SecurityModules switch
    {
        null => [FitFinding.Open("PM8035", "whether the kernel asks eBPF programs for security decisions is not known")],
        var modules when modules.Value.Contains("bpf") => [],
        _ => [FitFinding.No("PM8035", "this kernel asks no eBPF program for security decisions (boot with lsm=…,bpf)")],
    };

    IEnumerable<FitFinding> Iterator(string target) => kernel.Has(BtfKind.Function, "bpf_iter_" + target) is false
        ? [new FitFinding(kernel.Absence, "PM8034", $"this kernel has no iterator `{target}`{kernel.AbsenceNote}{Nearest.Suggestion(target, kernel.NamesBehind("bpf_iter_"))}")]
        : [];

    /// <summary>Without links a filter serves, which two modules have that are loaded when they are asked for.</summary>
    IEnumerable<FitFinding> TrafficControlPlace()
    {
        if (kernel.HasTrafficControlLinks is not false)
        {
            return [];
        }

        var lacking = FilterModules.Where(m => kernel.Has(BtfKind.Function, m.Function) is not true && kernel.MayLoad?.Invoke(m.Module) is not true).Select(m => m.Module).FirstOrDefault();
        return lacking is null ? []
            : kernel.MayLoad is null ? [FitFinding.Open("PM8039", $"this kernel has no links of traffic control (Linux 6.6), and whether it has module `{lacking}` for filters in their place is not known")]
            : [FitFinding.No("PM8039", BpfTranslation.LacksFilters(lacking))];
    }

    IEnumerable<FitFinding> Cgroup(ProgramSpec program) => (program.Hook.Kind is HookKind.SocketOperations ? "sock_ops" : TrialKind.All.Any(k => k.Name == program.Section.TrimStart('?')) ? program.Section.TrimStart('?') : program.Section.TrimStart('?').Split('/')[0]) is var kind
        ? Taken(kind, $"{kind} programs") : [];

    /// <summary>What the kernel said to a program of two instructions.</summary>
    IEnumerable<FitFinding> Taken(string kind, string what) => kernel.Takes(kind) is false ? [FitFinding.No("PM8036", $"this kernel refuses {what}")] : [];

    IEnumerable<FitFinding> ProgramType(long number, string what) => kernel.HasValue("bpf_prog_type", "BPF_PROG_TYPE_", number) is false ? [FitFinding.No("PM8036", $"this kernel knows no programs of {what}")] : [];

    IEnumerable<FitFinding> NeedTypes() => kernel.HasNoTypes ? [FitFinding.No("PM8031", "this kernel does not say what types it has (CONFIG_DEBUG_INFO_BTF)")]
        : kernel.Types is null ? [FitFinding.Open("PM8031", "the kernel's types are not known")] : [];
}
