using System.CommandLine;
using Pm.Cli.Commands;
using Pm.Cli.Commands.Running;
using Pm.Ebpf.Events;
using Pm.Linux;

namespace Pm.Cli.Ebpf;

/// <summary>The options of <c>pm run</c> that only eBPF objects have.</summary>
sealed class ObjectOptions
{
    readonly EventOptions _shown = new("of an eBPF object: ");
    readonly Option<bool> _strict = new("--strict") { Description = "of an eBPF object: run nothing when the kernel refuses one of its programs" };
    readonly Option<bool> _detach = new("--detach", "-d") { Description = "of an eBPF object: let it run on its own; see `pm ps`" };
    readonly Option<string[]> _events = NamedValues.Make("--event", "MAP=TYPE", "of an eBPF object: the events of map MAP have TYPE; `none`: leave them");
    readonly Option<string[]> _sizes = NamedValues.Make("--map-size", "MAP=N", "of an eBPF object: map MAP has N entries");
    readonly Option<string[]> _targets = NamedValues.Targets("of an eBPF object: attach PROGRAM to TARGET, whatever its section says");
    readonly Option<string?> _frequency = new("--frequency") { Description = "of an eBPF object: sample HZ times a second for programs of `perf_event`; 49 by default", HelpName = "HZ" };
    readonly Option<string?> _interface = new("--interface") { Description = "of an eBPF object: the network interface for programs that look at packets", HelpName = "NAME" };
    readonly Option<string?> _cgroup = new("--cgroup") { Description = "of an eBPF object: the control group for programs that look at one", HelpName = "DIR" };
    readonly Option<string?> _types = new("--btf") { Description = "of an eBPF object: the kernel's types, where it does not say them", HelpName = "FILE" };

    public ObjectOptions() => All = [.. _shown.All, _detach, _strict, _events, _sizes, _targets, _interface, _cgroup, _frequency, _types];

    public IReadOnlyList<Option> All { get; }

    /// <summary>The first of them that was given, <c>--detach</c> before all: what else is given may only serve it. Null for none.</summary>
    public string? FirstGiven(ParseResult parsed) => All.Prepend(_detach).FirstOrDefault(o => parsed.GetResult(o) is { Implicit: false })?.Name;

    /// <exception cref="CommandException">PM1002: a value will not do.</exception>
    public ObjectChoices Read(PmContext context, ParseResult parsed, RunReport? report)
    {
        var (style, duration) = (_shown.Style(parsed), _shown.Duration(parsed));
        if (parsed.Given(_detach) && (duration is not null || style is EventStyle.Text))
        {
            throw CommandException.Usage("PM1002", $"`--detach` and `{(duration is null ? "--text" : "--duration")}` exclude each other", "`pm logs` shows events, `pm stop` ends it");
        }

        return new ObjectChoices
        {
            IsDetached = parsed.Given(_detach),
            Report = report,
            Style = report is not null && style is EventStyle.Columns ? EventStyle.Json : style,
            Duration = duration,
            IsStrict = parsed.Given(_strict),
            EventTypes = NamedValues.Read("run", parsed, _events),
            MapSizes = NamedValues.Read("run", parsed, _sizes).ToDictionary(p => p.Key, p => Size(p.Value)),
            Targets = NamedValues.Read("run", parsed, _targets),
            Frequency = parsed.Given(_frequency) is { } frequency ? Hertz(frequency) : null,
            Interface = parsed.Given(_interface),
            Cgroup = parsed.Given(_cgroup) is { } group ? context.FullPath(group) : null,
            TypesPath = parsed.Given(_types) is { } types ? context.FullPath(types) : null,
        };
    }

    public static uint Size(string text) => uint.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var size) && size > 0
        ? size
        : throw CommandException.Usage("PM1002", $"--map-size: expected a number from 1 on, got `{text}`", "see `pm help run`");

    public static int Hertz(string text) =>
        int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var frequency) && frequency is > 0 and <= SamplingClock.HighestFrequency
            ? frequency
            : throw CommandException.Usage("PM1002", $"--frequency: expected a number from 1 to {SamplingClock.HighestFrequency}, got `{text}`", "--frequency 99");
}
