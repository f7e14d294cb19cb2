using System.Collections.Immutable;
using Pm.Cli.Commands.Running;
using Pm.Cli.Output;
using Pm.Ebpf.Events;
using Pm.Ebpf.Loading;
using Pm.Ebpf.Probing;

namespace Pm.Cli.Ebpf;

/// <summary>What the command line says of an eBPF object that is to be run.</summary>
sealed record ObjectChoices
{
    public required EventStyle Style { get; init; }

    /// <summary>Null: until it is interrupted.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>It runs on when pm has ended.</summary>
    public bool IsDetached { get; init; }

    public bool IsStrict { get; init; }

    public required IReadOnlyDictionary<string, string> EventTypes { get; init; }

    public required IReadOnlyDictionary<string, uint> MapSizes { get; init; }

    /// <summary>Where programs are to be attached, by their names.</summary>
    public IReadOnlyDictionary<string, string> Targets { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>How often a second processors are sampled; null: as usual.</summary>
    public int? Frequency { get; init; }

    public string? Interface { get; init; }

    public string? Cgroup { get; init; }

    public string? TypesPath { get; init; }

    /// <summary>Who is told when it runs; null: nobody but the person.</summary>
    public RunReport? Report { get; init; }

    /// <summary>Nothing is attached: its help is shown. Who started pm is told so as of a program, whose lines they are.</summary>
    /// <exception cref="CommandException">PM1002: one JSON document is awaited, which help is not.</exception>
    public void SpeakInstead()
    {
        if (IsDetached && Style is EventStyle.Json)
        {
            throw CommandException.Usage("PM1002", "help is text: expected a run that is not detached, or one without `--json`", "`pm run NAME -- --help`");
        }

        Report?.Started();
    }

    /// <summary>All of it that matters to what loads the object.</summary>
    /// <param name="context">The world.</param>
    /// <param name="name">What the object is called.</param>
    /// <param name="values">Bytes for its globals.</param>
    public RunOptions Options(PmContext context, string name, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> values)
    {
        var options = new RunOptions
        {
            Name = name,
            Values = values,
            MapSizes = MapSizes,
            TypesPath = TypesPath,
            Interface = Interface,
            Cgroup = Cgroup,
            IsStrict = IsStrict,
            RunsOn = IsDetached,
            Cancellation = context.Cancellation,
            Files = new ProgramFiles(context.Variable),
            Patience = FilterTurns.Of(context),
            Left = error => context.Terminal.Say(Hostile.OneLine($"warning: {error} [{error.Code}]{(error.Hint is null ? "" : $"; {error.Hint}")}")),
        };
        return Frequency is { } frequency ? options with { Frequency = frequency } : options;
    }
}
