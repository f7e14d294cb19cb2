namespace Pm.Storage;

/// <summary>The store, a root or the keyring is not as it must be, or could not be changed.</summary>
#pragma warning disable CA1032 // The general constructors would allow an exception without a code.
public class StoreException : Exception
#pragma warning restore CA1032
{
    /// <param name="code">"PM4nnn", explained by <c>pm explain</c>.</param>
    /// <param name="message">Lower case, no full stop: what failed, where, expected and actual.</param>
    /// <param name="hint">The exact command that helps.</param>
    /// <param name="inner">What the layer below reported.</param>
    public StoreException(string code, string message, string? hint = null, Exception? inner = null)
        : base(message, inner)
    {
        Code = code;
        Hint = hint;
    }

    public string Code { get; }

    public string? Hint { get; }
}
