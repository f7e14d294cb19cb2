using Pm.Cli.Commands.Running;
using Pm.Ebpf.Events;

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

    public string? Interface { get; init; }

    public string? Cgroup { get; init; }

    public string? TypesPath { get; init; }

    /// <summary>Who is told when it runs; null: nobody but the person.</summary>
    public RunReport? Report { get; init; }
}
