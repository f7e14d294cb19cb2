using System.Collections.Immutable;
using Pm.Ebpf.Fitting;
using Pm.Ebpf.Losses;
using Pm.Ebpf.Objects;
using Pm.Ebpf.Probing;
using Pm.Linux;

namespace Pm.Ebpf.Loading;

/// <summary>
/// Loads an object and attaches its programs. A program that this kernel refuses is left out and the object loaded again without it, so that the
/// others run; nothing stays behind where none does.
/// </summary>
public sealed class ObjectStart
{
    /// <summary>Whoever may open so many is not asked how many he has open.</summary>
    const int ManyFiles = 64;

    /// <summary>Nothing is loaded and attached with fewer.</summary>
    const int LeastFiles = 6;

    /// <summary>Bytes of a stack, where the object leaves it to its user. Source: PERF_MAX_STACK_DEPTH of Linux, addresses of 8 bytes.</summary>
    const uint StackSize = 127 * 8;

    readonly ReadOnlyMemory<byte> _bytes;
    readonly BpfSpec _spec;
    readonly RunOptions _options;
    readonly BpfTranslation _translation;
    readonly FallbackSearch _search;
    readonly OperationsRegistration _operations;
    readonly ProgramAttachment _attachment;
    readonly KernelExcerpt _excerpt;
    readonly Lazy<IReadOnlyList<(GlobalSpec Global, long Number)>> _numbers;
    readonly HashSet<string> _asked = [];

    /// <summary>The programs that are being loaded; libbpf may load more, for structs of operations that it makes.</summary>
    HashSet<string> _wanted = [];

    ObjectStart(ReadOnlyMemory<byte> bytes, BpfSpec spec, RunOptions options, KernelProbe kernel, KernelExcerpt excerpt)
    {
        (_bytes, _spec, _options, _excerpt) = (bytes, spec, options, excerpt);
        (_translation, _search) = (new BpfTranslation(spec, kernel, options.Files), new FallbackSearch(spec));
        _operations = new OperationsRegistration(spec, options, () => OperationsFit.HasLinks(kernel.Types));
        _attachment = new ProgramAttachment(options, kernel, _operations);
        _numbers = new(() => KernelNumbers.Of(spec, () => kernel.Types));
    }

    /// <param name="bytes">The object.</param>
    /// <param name="spec">What it says of itself.</param>
    /// <param name="options">What its user says.</param>
    /// <param name="kernel">The kernel that is to run it.</param>
    /// <exception cref="BpfException">PM8005, PM8030 to PM8041: nothing runs, and why.</exception>
    public static RunningObject Run(ReadOnlyMemory<byte> bytes, BpfSpec spec, RunOptions options, KernelProbe kernel)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(kernel);
        // Where libbpf cannot open a file to find out what the kernel can do, it takes it for one that cannot.
        if (SystemLimits.OpenFiles is < ManyFiles and var most && SystemLimits.UsedDescriptors + LeastFiles > most)
        {
            RequireFiles(Errno.EMFILE);
        }

        using var excerpt = new KernelExcerpt(spec, kernel);
        var start = new ObjectStart(bytes, spec, options, kernel, excerpt);
        return start._translation.OfMachine(options.TypesPath is not null) is { } error ? throw new BpfException(error) : start.Run();
    }

    RunningObject Run()
    {
        while (true)
        {
            var loaded = Load();
            try
            {
                if (TryAttach(loaded) is { } running)
                {
                    return running;
                }
            }
            catch
            {
                loaded.Dispose();
                throw;
            }

            // One that found no hook has a substitute, which is to be loaded with the others.
            loaded.Dispose();
        }
    }

    /// <summary>Leaves out what is known not to find its hook; a substitute of it is asked after, too.</summary>
    void AskHooks()
    {
        while (_spec.Programs.FirstOrDefault(p => _search.IsWanted(p) && !_asked.Contains(p.Name)) is { } program)
        {
            _asked.Add(program.Name);
            if (_translation.OfHook(program, _options.RunsOn) is { } error)
            {
                Refuse(program.Name, error);
            }
        }

        _spec.Programs.Where(p => !_search.IsRefused(p.Name)).ToList().ForEach(p => IsForsaken(p));
    }

    /// <summary>Leaves a program out that stands in one struct with one that is refused: the kernel takes all of them or none.</summary>
    bool IsForsaken(ProgramSpec program)
    {
        var others = _operations.Beside(program);
        if (_search.AllRefused.Select(e => e.Program).FirstOrDefault(others.Contains) is not { } beside)
        {
            return false;
        }

        Refuse(program.Name, BpfTranslation.Forsaken(program, beside));
        return true;
    }

    /// <summary>Each time that the kernel refuses a program, once more without it.</summary>
    BpfObject Load()
    {
        for (var isAgain = false; ; isAgain = true)
        {
            if (isAgain)
            {
                _options.Cancellation.ThrowIfCancellationRequested();
            }

            AskHooks();
            var opened = Open();
            try
            {
                if (_wanted.Count == 0)
                {
                    throw Nothing();
                }

                Aim(opened);
                opened.Load();
                return opened;
            }
            catch (Exception e) when (e is BpfException or LibBpfException { Errno: not Errno.EPERM } && _excerpt.IsUsed)
            {
                // The reason is told by the kernel's types themselves, but where it refuses whatever they are.
                opened.Dispose();
                _excerpt.Leave();
            }
            catch (BpfException e) when (e.Error.Program is { } name && !_search.IsRefused(name))
            {
                opened.Dispose();
                Refuse(name, e.Error);
            }
            catch (LibBpfException e)
            {
                opened.Dispose();
                RequireFiles(e.Errno);
                var error = _translation.OfLoad(e, _options.MapSizes);
                if (error.Program is null || _search.IsRefused(error.Program))
                {
                    throw new BpfException(error);
                }

                Refuse(error.Program, error);
            }
            catch
            {
                opened.Dispose();
                throw;
            }
        }
    }

    BpfObject Open()
    {
        _wanted = [.. _spec.Programs.Where(_search.IsWanted).Select(p => p.Name)];
        if (_options.TypesPath is null)
        {
            _excerpt.Prepare(_spec.Programs.Where(_search.IsWanted));
        }

        try
        {
            var bytes = _operations.BytesFor(_bytes, _spec.Programs.Any(p => p.Hook.Kind is HookKind.StructOperations && _wanted.Contains(p.Name)));
            var opened = BpfObject.Open(bytes.Span, _options.Name, _options.TypesPath ?? _excerpt.Path, [.. _excerpt.Numbers, .. HookNumber.OfWaitingOperations(_spec)]);
            try
            {
                Change(opened);
                return opened;
            }
            catch
            {
                opened.Dispose();
                throw;
            }
        }
        catch (LibBpfException) when (_excerpt.IsUsed)
        {
            _excerpt.Leave();
            return Open();
        }
        catch (LibBpfException e)
        {
            RequireFiles(e.Errno);
            throw new BpfException(_translation.OfLoad(e, _options.MapSizes));
        }
    }

    /// <summary>Says to libbpf what is to be loaded, and how.</summary>
    void Change(BpfObject opened)
    {
        foreach (var program in _spec.Programs.Where(p => p.IsPlaced || p.IsLeftOut || p.Hook.Kind is HookKind.StructOperations || _search.IsRefused(p.Name) || _search.IsGrouped(p.Name)))
        {
            opened.Programs.FirstOrDefault(p => p.Name == program.Name)?.IsWanted = _search.IsWanted(program);
        }

        foreach (var program in _spec.Programs)
        {
            opened.Programs.FirstOrDefault(p => p.Name == program.Name)?.Be(program);
        }

        _operations.Prepare(opened, _wanted.Contains);
        SetValues(opened);
        foreach (var map in opened.Maps.Where(m => _options.MapSizes.ContainsKey(m.Name)))
        {
            map.Resize(_options.MapSizes[map.Name]);
        }

        foreach (var resized in _spec.Maps.Where(m => m.IsResized))
        {
            opened.Maps.FirstOrDefault(m => m.Name == resized.Name)?.SetSizes(resized.KeySize, resized.ValueSize);
        }

        foreach (var stacks in _spec.Maps.Where(m => m is { Kind: MapKind.StackTrace, ValueSize: 0 }))
        {
            opened.Maps.FirstOrDefault(m => m.Name == stacks.Name)?.SetValueSize(StackSize);
        }
    }

    /// <summary>Says of programs with types what they are for, where their user does, or their section names a module, which libbpf before 1.6 does not understand.</summary>
    void Aim(BpfObject opened)
    {
        foreach (var spec in _spec.Programs.Where(p => IsAimed(p) && _excerpt.Numbers.All(n => n.Program != p.Name)))
        {
            try
            {
                if (opened.Programs.FirstOrDefault(p => p.Name == spec.Name && p.IsWanted) is { } program)
                {
                    Aim(opened, program, spec);
                }
            }
            catch (LibBpfException e)
            {
                throw new BpfException(_translation.OfAim(spec, e));
            }
        }
    }

    static void Aim(BpfObject opened, BpfProgram program, ProgramSpec spec)
    {
        if (spec.Hook.Kind is not HookKind.Extension)
        {
            program.Aim(FunctionPlace.Of(spec.Hook)?.Function ?? spec.Hook.Target);
            return;
        }

        var function = ReplacedFunction.Of(spec.Hook.Target)!;
        var other = OtherProgram.Open(function);
        opened.Hold(other);
        program.Aim(other, function.Function);
    }

    static bool IsAimed(ProgramSpec program) => (program.IsPlaced || FunctionPlace.Of(program.Hook) is { IsInModule: true })
        && program.Hook.Kind is HookKind.TypedTracepoint or HookKind.Fentry or HookKind.Fexit or HookKind.FmodRet or HookKind.Lsm or HookKind.LsmCgroup or HookKind.Iterator or HookKind.Extension;

    void SetValues(BpfObject opened)
    {
        foreach (var global in _spec.Globals.Where(g => _options.Values.ContainsKey(g.Name) && !g.IsStatic))
        {
            _options.Values[global.Name].Span.CopyTo(PlaceOf(opened, global));
        }

        foreach (var (global, number) in _numbers.Value)
        {
            BitConverter.TryWriteBytes(PlaceOf(opened, global), number);
        }
    }

    /// <summary>Where the bytes of a variable stand until it is loaded; as many of any others, where it has no such place.</summary>
    static Span<byte> PlaceOf(BpfObject opened, GlobalSpec global)
    {
        // The map of .rodata is called NAME.rodata.
        var map = opened.Maps.FirstOrDefault(m => m.Name.EndsWith(global.Section, StringComparison.Ordinal));
        var value = map is null ? default : map.InitialValue;
        return value.Length >= global.Offset + global.Size ? value.Slice(global.Offset, global.Size) : new byte[global.Size];
    }

    /// <returns>Null: a program that has a substitute found no hook.</returns>
    RunningObject? TryAttach(BpfObject loaded)
    {
        var attached = new List<(ProgramSpec Program, ImmutableArray<BpfLink> Links)>();
        try
        {
            foreach (var program in loaded.Programs.Where(p => _wanted.Contains(p.Name)))
            {
                if (_spec.Programs.FirstOrDefault(p => p.Name == program.Name) is { } spec && TryAttach(loaded, program, spec) is { IsEmpty: false } links)
                {
                    attached.Add((spec, links));
                }
            }

            if (_wanted.Any(p => _search.IsGrouped(p) && _search.IsRefused(p)))
            {
                Detach(attached);
                return null;
            }

            return attached.Count > 0 ? new RunningObject(loaded, attached, _search.Refused) { Choices = [.. _search.Choices], Counters = LossCounters.Of(_spec) } : throw Nothing();
        }
        catch
        {
            Detach(attached);
            throw;
        }
    }

    static void Detach(List<(ProgramSpec Program, ImmutableArray<BpfLink> Links)> attached)
    {
        foreach (var link in attached.SelectMany(a => a.Links))
        {
            link.Dispose();
        }
    }

    /// <returns>Nothing: it was refused.</returns>
    ImmutableArray<BpfLink> TryAttach(BpfObject loaded, BpfProgram program, ProgramSpec spec)
    {
        try
        {
            return IsForsaken(spec) ? [] : _attachment.Attach(loaded, program, spec);
        }
        catch (LibBpfException e)
        {
            RequireFiles(e.Errno);
            Refuse(program.Name, _translation.OfAttach(spec, e));
        }
        catch (SystemCallException e)
        {
            RequireFiles(e.Errno);
            Refuse(program.Name, _translation.OfAttach(spec, e));
        }
        catch (BpfException e)
        {
            Refuse(program.Name, e.Error.Program is null ? e.Error with { Program = spec.Name, Hook = spec.Place } : e.Error);
        }

        return [];
    }

    /// <summary>That is no program's fault: one by one all would be refused for it.</summary>
    static void RequireFiles(int errno)
    {
        if (errno is Errno.EMFILE or Errno.ENFILE)
        {
            throw new BpfException(new BpfError("PM8040", errno is Errno.EMFILE ? "it needs more open files than this process may have" : "this machine has no room for more open files")
            {
                Hint = errno is Errno.EMFILE ? "`ulimit -n` shows how many it may have, and `ulimit -n 1024` raises it" : "/proc/sys/fs/file-max limits them",
            });
        }
    }

    void Refuse(string program, BpfError error)
    {
        if (_options.IsStrict)
        {
            throw new BpfException(error);
        }

        _search.Refuse(program, error);
    }

    /// <summary>Its user asked for it; what else the object has is of less concern.</summary>
    bool IsPlaced(BpfError error) => _spec.Programs.Any(p => p.IsPlaced && p.Name == error.Program);

    /// <summary>The one reason, or all of them.</summary>
    BpfException Nothing() => new(_search.AllRefused.ToList() switch
    {
        [var only] => only,
        [] => new BpfError("PM8041", $"{_spec.Where}: it has no program that is to be run"),
        var several => new BpfError("PM8041", $"{_spec.Where}: none of its programs can be run here:\n  {string.Join("\n  ", several)}") { Hint = (several.Find(IsPlaced) ?? several[0]).Hint, Log = string.Join("\n", several.Select(e => e.Log).Where(l => l.Length > 0)) },
    });
}
