using System.Globalization;

namespace Pm.Torture.Gear;

/// <summary>What happens at a write: a word of PM_FAULT, once or from there on.</summary>
sealed record Fault(string Word, bool IsSticky)
{
    public static IReadOnlyList<Fault> All { get; } =
    [
        new("kill", false), new("torn", false), new("stop", false),
        new("enospc", false), new("enospc", true), new("eio", false), new("eio", true), new("eintr", false), new("eintr", true),
    ];

    /// <summary>The process is gone, without a word.</summary>
    public bool IsEnd => Word is "kill" or "torn";

    /// <summary>The process stops in the middle, is looked at, and goes on.</summary>
    public bool IsStop => Word is "stop";

    /// <summary>Whether it is more than the same as another one at this call.</summary>
    public bool Suits(string call) => Word != "torn" || call == "write";

    public string At(long number) => string.Create(CultureInfo.InvariantCulture, $"{Word}@{number}{(IsSticky ? "+" : "")}");

    public override string ToString() => IsSticky ? $"{Word}+" : Word;
}
