namespace Pm.Stages;

/// <summary>Who is told what a stage does while it does it. Called from any thread.</summary>
public sealed record StageObserver
{
    /// <summary>Nobody.</summary>
    public static StageObserver None { get; } = new();

    /// <summary>So many bytes more are going to be fetched.</summary>
    public Action<long>? Expecting { get; init; }

    /// <summary>So many bytes more were fetched.</summary>
    public Action<long>? Received { get; init; }

    /// <summary>What is in hand now.</summary>
    public Action<string>? Working { get; init; }

    /// <summary>Of several that are in hand at a time this one is no more.</summary>
    public Action<string>? Finished { get; init; }

    /// <summary>Something a person should know though nothing failed.</summary>
    public Action<string>? Note { get; init; }
}
