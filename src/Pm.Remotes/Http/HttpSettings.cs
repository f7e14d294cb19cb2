namespace Pm.Remotes.Http;

/// <summary>How a run speaks HTTP.</summary>
public sealed record HttpSettings
{
    /// <summary>What all time limits are measured with.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>From the request to the end of the answer's headers: finding the host, connecting and TLS included.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How pm calls itself.</summary>
    public string UserAgent { get; init; } = "pm";
}
