namespace Pm.Torture.Gear;

/// <summary>A command line that changes something, and what may be expected of it when it is disturbed.</summary>
/// <param name="Verb">The words of its row in the command table.</param>
/// <param name="Line">The whole command line but `pm`, without quoting; the working directory is that of the place.</param>
/// <param name="Changes">What it may change.</param>
sealed record Scenario(string Verb, string Line, Area Changes)
{
    /// <summary>Lines of a shell that make the situation first.</summary>
    public string? Before { get; init; }

    /// <summary>Lines of a shell that show, on standard output, what else belongs to the state.</summary>
    public string? Shows { get; init; }

    /// <summary>What is made is of chance, such as a key: hashes do not count in the state.</summary>
    public bool IsRandom { get; init; }

    /// <summary>Done twice is done twice: after a retry there may be more than after one run.</summary>
    public bool Accumulates { get; init; }

    /// <summary>What is done already is refused a second time, since the name is taken or gone.</summary>
    public bool RefusesWhatIsDone { get; init; }

    /// <summary>Lines of a shell that make the next change, where what is done already is not done again: that clears up.</summary>
    public string? Afterwards { get; init; }

    /// <summary>GnuPG's part of it stays done: a retry is refused, and says by which command to go on.</summary>
    public bool RefusesHalfDone { get; init; }

    /// <summary>Its manual says that it goes step by step: each line of the state is an old or a new one.</summary>
    public bool IsStepwise { get; init; }

    /// <summary>It begins or ends detached: what somebody had put there comes back with the next change or recovery, until then readers do not see it.</summary>
    public bool IsDetached { get; init; }

    /// <summary>It mends what <see cref="Before"/> damaged, so nothing is clean before it is done.</summary>
    public bool StartsDamaged { get; init; }

    /// <summary>It writes to a GnuPG home, which therefore is not the one that everything else is signed from.</summary>
    public bool HasOwnGnuPg { get; init; }

    /// <summary>A server takes part, and it is the one that is disturbed.</summary>
    public bool DisturbsServer { get; init; }

    public bool Touches(Area area) => (Changes & area) != 0;

    public override string ToString() => DisturbsServer ? $"pmd: {Line}" : Line;
}
