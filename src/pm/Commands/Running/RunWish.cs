using Pm.Cli.Ebpf;

namespace Pm.Cli.Commands.Running;

/// <summary>What the command line of <c>pm run</c> asks for.</summary>
sealed record RunWish
{
    /// <summary>As it was typed.</summary>
    public required string Target { get; init; }

    /// <summary>Which program of the package; null: the one there is.</summary>
    public string? Command { get; init; }

    public bool AllowsUnsigned { get; init; }

    public bool TrustsUrls { get; init; }

    /// <summary>For the program.</summary>
    public required string[] Arguments { get; init; }

    /// <summary>What is said in case that it is an eBPF object.</summary>
    public required ObjectChoices Choices { get; init; }

    /// <summary>An option that only eBPF objects have, and that was given; null for none.</summary>
    public string? ObjectOption { get; init; }
}
