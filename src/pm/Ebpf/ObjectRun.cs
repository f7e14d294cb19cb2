using Pm.Cli.Output;
using Pm.Ebpf;
using Pm.Ebpf.Loading;
using Pm.Ebpf.Objects;
using Pm.Ebpf.Parameters;
using Pm.Ebpf.Probing;

namespace Pm.Cli.Ebpf;

/// <summary>Runs an eBPF object in the foreground: events to standard output, all else to standard error, until it is interrupted or its time is over.</summary>
sealed class ObjectRun
{
    readonly PmContext _context;
    readonly RunSource _source;
    readonly ObjectChoices _choices;
    readonly string[] _flags;
    readonly byte[] _bytes;
    readonly BpfSpec _spec;
    readonly ParameterSet _parameters;

    ObjectRun(PmContext context, RunSource source, ObjectChoices choices, string[] arguments)
    {
        (_context, _source) = (context, source);
        _bytes = ObjectFile.Read(source.Path, source.Name);
        var spec = BpfSpec.Parse(_bytes, source.Name, EventSpec.Stated(choices.EventTypes));
        _parameters = ParameterSet.Of(spec);
        (_choices, _flags) = ObjectWords.Take(context, choices, _parameters, arguments);
        // Among its flags stood what its events are.
        spec = _choices.EventTypes.Count == choices.EventTypes.Count ? spec : BpfSpec.Parse(_bytes, source.Name, EventSpec.Stated(_choices.EventTypes));
        _spec = StatedTargets.Apply(context, spec, _choices.Targets);
    }

    /// <param name="context">The world.</param>
    /// <param name="source">The object.</param>
    /// <param name="choices">What the command line says of it.</param>
    /// <param name="arguments">The flags of the object.</param>
    /// <exception cref="EbpfFormatException">It is no object that can be run.</exception>
    /// <exception cref="BpfException">The kernel does not run it.</exception>
    /// <exception cref="ParameterException">Its flags are others.</exception>
    public static ExitCode Run(PmContext context, RunSource source, ObjectChoices choices, string[] arguments)
    {
        var path = source.Name;
        var run = new ObjectRun(context, source, choices, arguments);
        if (arguments.Any(a => a is "--help" || a is "-h" && !run._parameters.Has('h')))
        {
            choices.SpeakInstead();
            ObjectHelp.Write(context.Terminal, source, run._spec, run._parameters);
            return ExitCode.Ok;
        }

        var values = run._parameters.Read(run._flags);
        StatedSizes.Check(run._spec, run._choices.MapSizes);
        _ = SampleTimer.MapsOf(run._spec);
        var maps = EventMaps.Of(run._spec, run._choices.EventTypes, path);
        if (MeantKernels.Fault(run._spec, Environment.OSVersion.Version.ToString(3)) is { } fault)
        {
            context.Terminal.Say(Hostile.OneLine($"warning: {path}: {fault} [{MeantKernels.Code}]"));
        }

        foreach (var idle in run.IdleOptions())
        {
            context.Terminal.Say(Hostile.OneLine($"warning: {path}: none of its programs takes {idle}"));
        }

        if (context.Settings.DryRun)
        {
            ObjectHelp.Preview(context.Terminal, path, run._spec, run._choices);
            return ExitCode.Ok;
        }

        try
        {
            return run.Run(values, maps);
        }
        catch (BpfException e) when (context.Settings.Verbose)
        {
            run.ShowLog(e.Error);
            throw;
        }
    }

    /// <summary>What was said for programs of other kinds: whoever says it takes the object for something else.</summary>
    IEnumerable<string> IdleOptions() => new[] { ("--interface", _choices.Interface is not null), ("--cgroup", _choices.Cgroup is not null), ("--frequency", _choices.Frequency is not null) }
        .Where(o => o.Item2 && !_spec.Programs.Any(p => HookTarget.OptionOf(p)?.Split(' ')[0] == o.Item1)).Select(o => o.Item1);

    ExitCode Run(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> values, List<EventSpec> maps)
    {
        var kernel = new KernelProbe();
        var hadTracefs = kernel.Tracefs is not null;
        using var running = ObjectStart.Run(_bytes, _spec, _choices.Options(_context, Path.GetFileNameWithoutExtension(_source.Origin), values), kernel);
        if (!hadTracefs && kernel.Tracefs is { } mounted)
        {
            _context.Terminal.Note($"mounted tracefs on {mounted}");
        }

        foreach (var error in running.Refused)
        {
            Warn(error);
        }

        foreach (var choice in running.Choices.Where(c => c.IsSubstitute))
        {
            Tell(choice);
        }

        if (_choices.IsDetached)
        {
            DetachedRun.Keep(_context, running, _bytes, _spec, _source.Origin, _choices);
            return ExitCode.Ok;
        }

        var output = ObjectOutput.Of(_context, running, _spec, maps, _choices.Style);
        ForegroundRun.Follow(_context, running, _spec, output, _choices, maps);
        return ExitCode.Ok;
    }

    /// <summary>One line for programs that do the same: which it was not, and which it is.</summary>
    void Tell(FallbackChoice choice)
    {
        _context.Terminal.Note(Hostile.OneLine(choice.ToString()));
        foreach (var error in choice.Refused.Where(_ => _context.Settings.Verbose))
        {
            ShowLog(error);
        }
    }

    void Warn(BpfError error)
    {
        _context.Terminal.Say(Hostile.OneLine($"warning: {error} [{error.Code}]"));
        if (_context.Settings.Verbose)
        {
            ShowLog(error);
        }
    }

    void ShowLog(BpfError error)
    {
        if (error.Log.Length > 0)
        {
            _context.Terminal.Say(Hostile.Visible(error.Log.TrimEnd()));
        }
    }
}
