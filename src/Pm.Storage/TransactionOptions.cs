namespace Pm.Storage;

/// <summary>What a transaction records, and whom it tells.</summary>
public sealed record TransactionOptions
{
    /// <summary>The command line, kept in the generation.</summary>
    public required string Command { get; init; }

    /// <summary>When the generation is made.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Runs a package's script, or leaves it; throwing rolls the change back. Null: none is run.</summary>
    public Action<HookCall>? RunHook { get; init; }

    /// <summary>Told what could not be cleared away after the commit; the next writer does it.</summary>
    public Action<string>? Warn { get; init; }
}
