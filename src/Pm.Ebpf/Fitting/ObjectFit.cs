using System.Collections.Immutable;
using Pm.Ebpf.Btf;
using Pm.Ebpf.Elf;
using Pm.Ebpf.Notes;
using Pm.Ebpf.Objects;

namespace Pm.Ebpf.Fitting;

/// <summary>
/// Says of each program of an object whether a kernel would run it, without that kernel: are its hook, its helpers and functions there, its maps, and what it reads of the kernel's
/// types, as far as it comes to it. What the verifier would think of it otherwise only the kernel can say.
/// </summary>
public sealed class ObjectFit
{
    readonly BpfSpec _spec;
    readonly ElfObject _elf;
    readonly KernelFacts _kernel;
    readonly ObjectCode _code;
    readonly List<KernelSetting> _settings;
    readonly List<(CoreRelocation Relocation, CoreAnswer Answer)> _relocations;
    readonly Dictionary<(int Section, int Offset, bool IsProgram), IReadOnlyDictionary<Reached, bool>> _functions = [];

    ObjectFit(ElfObject elf, BpfSpec spec, KernelFacts kernel)
    {
        (_elf, _spec, _kernel) = (elf, spec, kernel);
        var resolver = kernel.Types is { } types ? new CoreResolver(types, kernel.Modules, kernel.Absence is FitVerdict.Unknown) : null;
        _relocations = resolver is null ? [] : [.. (spec.Extension?.Relocations ?? []).Select(r => (r, resolver.Answer(r)))];
        _settings = [.. spec.Externals.Select(e => e.Section == KernelSetting.Section ? KernelSetting.Of(e, kernel.Configuration, kernel.Version) : default)];
        _code = new ObjectCode(elf, _relocations, External, _settings);
    }

    /// <param name="bytes">The object.</param>
    /// <param name="spec">What it says of itself.</param>
    /// <param name="kernel">What is known of the kernel.</param>
    /// <returns>All programs, in the order of the file.</returns>
    /// <exception cref="EbpfFormatException">The object or the types are not what they should be, or take too long to be compared.</exception>
    public static ImmutableArray<ProgramFit> Check(ReadOnlyMemory<byte> bytes, BpfSpec spec, KernelFacts kernel)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(kernel);
        kernel.Types?.Expect(FitNames.Of(spec));
        var fit = new ObjectFit(ElfObject.Parse(bytes, spec.Where), spec, kernel);
        var ofAll = fit.OfObject().ToList();
        var hooks = new HookFit(kernel);
        var fits = ImmutableArray.CreateBuilder<ProgramFit>();
        foreach (var program in spec.Programs)
        {
            var findings = hooks.Check(program).Concat(NamedMap.Check(spec, program)).Concat(OperationsFit.Check(spec, program, kernel)).Concat(Beside(spec, program, fits)).Concat(ofAll).Concat(fit.OfCode(program));
            fits.Add(new ProgramFit(program, [.. findings.Distinct().Take(FitLimits.Findings)]) { Modules = [.. fit.ModulesOf(program, hooks.ModuleOf(program.Hook))] });
        }

        return fits.ToImmutable();
    }

    /// <summary>An interface has one program of xdp: those behind the first that runs come too late. Source: dev_xdp_attach of Linux.</summary>
    static IEnumerable<FitFinding> Beside(BpfSpec spec, ProgramSpec program, IEnumerable<ProgramFit> before)
    {
        var groups = FallbackGroups.Of(spec).Select(g => g.Select(p => p.Name).ToList()).ToList();
        if (TakesInterface(program)
            && before.FirstOrDefault(f => f.Verdict is not FitVerdict.No && TakesInterface(f.Program) && !groups.Exists(g => g.Contains(program.Name) && g.Contains(f.Program.Name))) is { } first)
        {
            var isSure = first.Verdict is FitVerdict.Yes && !groups.Exists(g => g.Contains(first.Program.Name));
            yield return new FitFinding(
                isSure ? FitVerdict.No : FitVerdict.Unknown, "PM8039",
                $"an interface has one program of xdp, and `{first.Program.Name}` comes before it: `--at {first.Program.Name}={HookTarget.None}` leaves that out");
        }
    }

    static bool TakesInterface(ProgramSpec program) => program.Hook is { Kind: HookKind.Xdp, IsOptional: false } && UnattachedKinds.WhyNot(program) is null;

    /// <summary>The module of its hook, and those that have what the object cannot be loaded without and types that the program asks for; of several that have the type one.</summary>
    SortedSet<string> ModulesOf(ProgramSpec program, string? ofHook)
    {
        var modules = new SortedSet<string>(_spec.Externals.Where(e => !e.IsWeak && e.Section == ".ksyms").Select(ModuleOf).Append(ofHook).OfType<string>(), StringComparer.Ordinal);
        foreach (var (_, answer) in _relocations.Where(r => r.Answer.Modules is not null && IsIn(r.Relocation, program)))
        {
            if (!answer.Modules!.Any(modules.Contains))
            {
                modules.Add(answer.Modules![0]);
            }
        }

        return modules;
    }

    string? ModuleOf(ExternalSpec external) => external.IsFunction || _kernel.Has(BtfKind.Variable, external.Name) is not true
        ? _kernel.ModuleWith(BtfKind.Function, NameOf(external))
        : _kernel.ModuleWith(BtfKind.Variable, external.Name);

    /// <summary>What the kernel calls it.</summary>
    string NameOf(ExternalSpec external) => external.EssentialName is var essential && essential != external.Name && _kernel.TakesFlavoursNow?.Invoke() is not false ? essential : external.Name;

    /// <summary>What keeps the whole object from being loaded.</summary>
    IEnumerable<FitFinding> OfObject()
    {
        foreach (var name in _spec.Undeclared)
        {
            yield return FitFinding.No("PM8020", $"it uses `{name}`, which nothing declares");
        }

        foreach (var map in _spec.Maps.Where(m => _kernel.HasValue("bpf_map_type", "BPF_MAP_TYPE_", (uint)m.Kind) is false))
        {
            yield return FitFinding.No("PM8040", $"this kernel knows no maps of the kind of `{map.Name}` ({(uint)map.Kind})");
        }

        foreach (var (external, setting) in _spec.Externals.Zip(_settings))
        {
            if (setting.Fault is { } fault)
            {
                yield return FitFinding.No("PM8040", fault);
            }
            else if (setting.IsOpen)
            {
                yield return FitFinding.Open("PM8040", $"whether the kernel was built with `{external.Name}` is not known");
            }
            else if (external is { Section: not KernelSetting.Section, IsWeak: false } && Has(external) is var has and not true)
            {
                yield return has is null || _kernel.Absence is FitVerdict.Unknown || !external.IsFunction
                    ? FitFinding.Open("PM8040", $"whether the kernel has `{external.Name}` is not known")
                    : FitFinding.No("PM8040", $"this kernel has no function `{NameOf(external)}` for programs (kfunc){_kernel.FunctionAbsence(NameOf(external), "")}");
            }
        }
    }

    bool? Has(ExternalSpec external) => _kernel.Has(external.IsFunction ? BtfKind.Function : BtfKind.Variable, NameOf(external)) is not false and var known
        ? known
        : !external.IsFunction && _kernel.Has(BtfKind.Function, external.Name) is true;

    /// <summary>What the address of something of the kernel is: none, where it is not there and the object can do without.</summary>
    ReachValue? External(string name) => _spec.Externals.FirstOrDefault(e => e.Name == name) switch
    {
        { Section: ".ksyms", IsWeak: true } external => Has(external) switch
        {
            true => ReachValue.Answer(long.MaxValue),
            false when _kernel.Absence is FitVerdict.No && external.IsFunction => ReachValue.Answer(0),
            _ => ReachValue.Hidden,
        },
        { Section: KernelSetting.Section } setting => ObjectCode.SettingPlace(_spec.Externals.IndexOf(setting)),
        { } => ReachValue.Hidden,
        null => null,
    };

    IEnumerable<FitFinding> OfCode(ProgramSpec program)
    {
        if (_elf.Find(program.Section) is not { } section)
        {
            yield break;
        }

        if (_kernel.Types is null && _spec.Extension is { Relocations.IsEmpty: false })
        {
            yield return _kernel.HasNoTypes
                ? FitFinding.No("PM8031", "this kernel does not say what types it has (CONFIG_DEBUG_INFO_BTF), which the object depends on")
                : FitFinding.Open("PM8031", "the kernel's types are not known, which the object depends on");
        }

        var arguments = HookArguments.Of(program.Hook, _kernel);
        var end = program.Hook is { Kind: HookKind.Tracepoint } && program.Hook.Target.Split('/') is [var category, var name] ? _kernel.TracepointEndNow?.Invoke(category, name) : null;
        foreach (var (reached, isCertain) in Reach(section.Index, program.Offset))
        {
            if (Judge(reached, program, arguments, end) is { } finding)
            {
                yield return isCertain ? finding : finding with { Verdict = FitVerdict.Unknown, Cause = finding.Cause + "; it may not come to that" };
            }
        }

        foreach (var (relocation, answer) in _relocations.Where(r => r.Answer.IsFatal && IsIn(r.Relocation, program)))
        {
            yield return FitFinding.No("PM8036", answer.Fault + Line(relocation.Section, (int)relocation.Offset));
        }
    }

    static bool IsIn(CoreRelocation relocation, ProgramSpec program) =>
        relocation.Section == program.Section && relocation.Offset >= program.Offset && relocation.Offset < program.Offset + (long)program.Instructions * Instruction.Size;

    /// <summary>All that a program comes to, itself and through the functions that it calls.</summary>
    Dictionary<Reached, bool> Reach(int section, int offset)
    {
        var all = new Dictionary<Reached, bool>();
        var functions = new Dictionary<(int, int), bool> { [(section, offset)] = true };
        var waiting = new Queue<(int Section, int Offset)>([(section, offset)]);
        while (waiting.TryDequeue(out var function))
        {
            var isCertain = functions[function];
            foreach (var (reached, isSure) in ReachOf(function, isProgram: function == (section, offset)))
            {
                _code.Count();
                all[reached] = (isCertain && isSure) || all.GetValueOrDefault(reached);
                var called = (reached.Section, reached.Offset);
                if (reached.Kind is ReachedKind.Function && (!functions.TryGetValue(called, out var before) || (!before && isCertain && isSure)))
                {
                    functions[called] = isCertain && isSure;
                    waiting.Enqueue(called);
                }
            }
        }

        return all;
    }

    IReadOnlyDictionary<Reached, bool> ReachOf((int Section, int Offset) function, bool isProgram)
    {
        var key = (function.Section, function.Offset, isProgram);
        return _functions.TryGetValue(key, out var known) ? known : _functions[key] = new CodeReach(_code, function.Section, function.Offset, isProgram).Run();
    }

    FitFinding? Judge(Reached reached, ProgramSpec program, int? arguments, int? end) => reached.Kind switch
    {
        // It is loaded, and then not attached. Source: perf_event_set_bpf_prog of Linux.
        ReachedKind.Context when end is { } last && reached.Number + _code.AccessSizeAt(reached.Section, reached.Offset) is var to && to > last => FitFinding.No(
            "PM8037", $"it reads past the tracepoint's fields: up to byte {to}, and `{program.Hook.Target}` of this kernel has {last}{Line(_elf.Sections[reached.Section].Name, reached.Offset)}"),
        ReachedKind.Context when arguments is { } given && reached.Number / 8 >= given => FitFinding.No(
            "PM8036", $"`{program.Hook.Target}` of this kernel gives {given} argument{(given == 1 ? "" : "s")}, and it reads number {reached.Number / 8 + 1}{Line(_elf.Sections[reached.Section].Name, reached.Offset)}"),
        ReachedKind.Lacking => new FitFinding(
            _code.PlaceAt(reached.Section, reached.Offset)?.Core?.IsOpen is true ? FitVerdict.Unknown : FitVerdict.No, "PM8036", reached.Name + Line(_elf.Sections[reached.Section].Name, reached.Offset)),
        ReachedKind.Helper when _kernel.HasValue("bpf_func_id", "BPF_FUNC_", reached.Number) is false => FitFinding.No("PM8036", $"this kernel has no helper number {reached.Number}"),
        ReachedKind.Helper when _kernel.HelperFaultNow?.Invoke(program, reached.Number, _spec.Licence) is { } fault => FitFinding.No("PM8036", fault),
        ReachedKind.KernelFunction when _spec.Externals.FirstOrDefault(e => e.Name == reached.Name) is { IsWeak: true } external && Has(external) is false =>
            new FitFinding(_kernel.Absence, "PM8036", $"this kernel has no function `{external.Name}` for programs (kfunc)"),
        ReachedKind.KernelFunction when NameOf(reached) is var name && _kernel.IsForPrograms(name) is false =>
            FitFinding.No("PM8036", $"function `{name}` of this kernel is none for programs (kfunc){Line(_elf.Sections[reached.Section].Name, reached.Offset)}"),
        _ => null,
    };

    string NameOf(Reached function) => _spec.Externals.FirstOrDefault(e => e.Name == function.Name) is { } external ? NameOf(external) : function.Name;

    /// <summary>" (FILE:LINE)" of an instruction, as the compiler knew it.</summary>
    string Line(string section, int offset)
    {
        BtfLine? best = null;
        foreach (var line in _spec.Extension?.Lines ?? [])
        {
            if (line.Section == section && line.Offset <= offset && (best is null || line.Offset >= best.Value.Offset))
            {
                best = line;
            }
        }

        return best is { Number: > 0 } found ? $" ({Path.GetFileName(found.File)}:{found.Number})" : "";
    }
}
