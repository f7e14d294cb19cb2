using Pm.Cli.Output;
using Pm.Ebpf.Eunomia;
using Pm.Ebpf.Loading;
using Pm.Ebpf.Objects;
using Pm.Ebpf.Probing;
using Pm.Linux;

namespace Pm.Cli.Ebpf;

/// <summary>Runs a package of eunomia's in the foreground, as its own loader does: its flags, and its events in its form.</summary>
sealed class EunomiaRun
{
    readonly PmContext _context;
    readonly string _name;
    readonly EunomiaPackage _package;
    readonly EunomiaShown _shown;
    readonly ObjectChoices _choices;

    EunomiaRun(PmContext context, string name, EunomiaPackage package, EunomiaShown shown, ObjectChoices choices) =>
        (_context, _name, _package, _shown, _choices) = (context, name, package, shown, choices);

    /// <param name="context">The world.</param>
    /// <param name="name">As it was typed, which messages show.</param>
    /// <param name="package">What is to be run.</param>
    /// <param name="choices">What pm's command line says of it.</param>
    /// <param name="arguments">Its own flags.</param>
    /// <exception cref="Pm.Ebpf.EbpfFormatException">It contradicts itself.</exception>
    /// <exception cref="Pm.Ebpf.Parameters.ParameterException">Its flags are others.</exception>
    /// <exception cref="BpfException">The kernel does not run it.</exception>
    public static ExitCode Run(PmContext context, string name, EunomiaPackage package, ObjectChoices choices, string[] arguments)
    {
        var line = EunomiaCommandLine.Of(package.Meta);
        if (arguments.Any(a => a is "--help" or "-h"))
        {
            choices.SpeakInstead();
            context.Terminal.Data(Hostile.Visible(line.Help()));
            return ExitCode.Ok;
        }

        if (arguments.Any(a => a is "--version" or "-V"))
        {
            choices.SpeakInstead();
            context.Terminal.Data(Hostile.Visible(line.Version()));
            return ExitCode.Ok;
        }

        (choices, var flags) = ObjectWords.Take(context, choices, line.Names.ToHashSet(StringComparer.Ordinal), arguments);
        var spec = StatedTargets.Apply(context, BpfSpec.Parse(package.Content, name), choices.Targets);
        var given = line.Parse(flags);
        var values = EunomiaValues.Of(package.Meta, spec, given);
        var shown = EunomiaShown.Of(spec, package.Meta);
        StatedSizes.Check(spec, choices.MapSizes);
        if (context.Settings.DryRun)
        {
            ObjectHelp.Preview(context.Terminal, name, spec, choices);
            return ExitCode.Ok;
        }

        var run = new EunomiaRun(context, name, package, shown, choices);
        try
        {
            return run.Run(values, given.IsVerbose || context.Settings.Verbose);
        }
        catch (BpfException e) when (given.IsVerbose || context.Settings.Verbose)
        {
            run.ShowLog(e.Error);
            throw;
        }
    }

    ExitCode Run(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> values, bool isVerbose)
    {
        using var running = ObjectStart.Run(_package.Content, _shown.Spec, Options(values), new KernelProbe());
        foreach (var error in running.Refused)
        {
            _context.Terminal.Say(Hostile.OneLine($"warning: {error} [{error.Code}]"));
            if (isVerbose)
            {
                ShowLog(error);
            }
        }

        if (_choices.IsDetached)
        {
            DetachedRun.Keep(_context, running, _package, _shown.Spec, _name, _choices);
            return ExitCode.Ok;
        }

        var output = ObjectOutput.Of(_context, running, _shown, _choices.Style);
        ForegroundRun.Follow(_context, running, _shown.Spec, output, _choices, _shown.Spec.Events.Where(e => output.Maps.Any(m => m.Name == e.Map.Name)));
        return ExitCode.Ok;
    }

    RunOptions Options(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> values) => _choices.Options(_context, _package.Meta.Name, values) with
    {
        Interface = _choices.Interface ?? InterfaceOf(_package.Meta.Programs.Select(p => p.Interface).FirstOrDefault(i => i > 0)),
    };

    /// <summary>Packages number interfaces, as this machine does.</summary>
    static string? InterfaceOf(int index) => NetworkInterface.NameOf(index);

    void ShowLog(BpfError error)
    {
        if (error.Log.Length > 0)
        {
            _context.Terminal.Say(Hostile.Visible(error.Log.TrimEnd()));
        }
    }
}
