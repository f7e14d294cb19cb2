namespace Pm.Trust;

/// <summary>Something signed may not be believed. Each fault has its own subclass.</summary>
#pragma warning disable CA1032 // The general constructors would allow an exception without a code.
public class TrustException : Exception
#pragma warning restore CA1032
{
    /// <param name="code">"PM3nnn", explained by <c>pm explain</c>.</param>
    /// <param name="message">Lower case, no full stop: what was refused, expected and actual.</param>
    /// <param name="hint">The exact command that helps.</param>
    /// <param name="inner">What the reader below reported.</param>
    public TrustException(string code, string message, string? hint = null, Exception? inner = null)
        : base(message, inner)
    {
        Code = code;
        Hint = hint;
    }

    public string Code { get; }

    public string? Hint { get; }

    /// <summary>Of a signer who is refused: a fingerprint, or the id of a key.</summary>
    public string? Signer { get; init; }
}
