namespace Pm.Repositories;

/// <summary>A repository cannot do what was asked, or its directory is not in order.</summary>
#pragma warning disable CA1032 // The general constructors would allow an exception without a code.
public sealed class RepositoryException : Exception
#pragma warning restore CA1032
{
    /// <param name="code">"PM5nnn", explained by <c>pm explain</c>.</param>
    /// <param name="message">Lower case, no full stop: which repository and file, expected and actual.</param>
    /// <param name="hint">The exact command that helps.</param>
    /// <param name="inner">What failed below.</param>
    public RepositoryException(string code, string message, string? hint = null, Exception? inner = null)
        : base(message, inner)
    {
        Code = code;
        Hint = hint;
    }

    public string Code { get; }

    public string? Hint { get; }
}
