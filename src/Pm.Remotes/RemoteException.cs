namespace Pm.Remotes;

/// <summary>A remote cannot be reached, or what it gave is not what its signed metadata promises.</summary>
#pragma warning disable CA1032 // The general constructors would allow an exception without a code.
public sealed class RemoteException : IOException
#pragma warning restore CA1032
{
    /// <param name="code">"PM6nnn", explained by <c>pm explain</c>.</param>
    /// <param name="message">Lower case, no full stop: which remote and file, expected and actual.</param>
    /// <param name="hint">The exact command that helps.</param>
    /// <param name="inner">What failed below.</param>
    public RemoteException(string code, string message, string? hint = null, Exception? inner = null)
        : base(message, inner)
    {
        Code = code;
        Hint = hint;
    }

    public string Code { get; }

    public string? Hint { get; }

    /// <summary>Whether the same request may succeed a little later: a connection that broke, a server that is busy.</summary>
    public bool IsTransient { get; init; }

    /// <summary>Whether it came too slowly: then another place is better than the same again.</summary>
    public bool IsSlow { get; init; }

    /// <summary>Whether a server does not let it be read, or does not tell that from a file that is not there.</summary>
    public bool IsForbidden { get; init; }

    /// <summary>How long the server asks to be left alone; null where it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
