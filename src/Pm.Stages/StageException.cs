namespace Pm.Stages;

/// <summary>A stage cannot do what it was asked, though every part of it works: something contradicts something.</summary>
#pragma warning disable CA1032 // The general constructors would allow an exception without a code.
public sealed class StageException : Exception
#pragma warning restore CA1032
{
    /// <param name="code">"PM75nn", explained by <c>pm explain</c>.</param>
    /// <param name="message">Lower case, no full stop.</param>
    /// <param name="hint">The exact command that helps.</param>
    /// <param name="inner">What failed below.</param>
    public StageException(string code, string message, string? hint = null, Exception? inner = null)
        : base(message, inner)
    {
        Code = code;
        Hint = hint;
    }

    public string Code { get; }

    public string? Hint { get; }
}
