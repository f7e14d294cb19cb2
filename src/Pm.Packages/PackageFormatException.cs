namespace Pm.Packages;

/// <summary>Bytes from outside are not the document, archive or package they should be.</summary>
#pragma warning disable CA1032 // The general constructors would allow an exception without a code.
public sealed class PackageFormatException : Exception
#pragma warning restore CA1032
{
    /// <param name="code">"PMnnnn", explained by <c>pm explain</c>.</param>
    /// <param name="message">Lower case, no full stop: what was expected, what was found.</param>
    /// <param name="where">file:line:column, or the member of an archive; stands before the message.</param>
    /// <param name="hint">The exact command that helps.</param>
    /// <param name="inner">What the reader below reported.</param>
    public PackageFormatException(
        string code, string message, string? where = null, string? hint = null, Exception? inner = null)
        : base(where is null ? message : $"{where}: {message}", inner)
    {
        Code = code;
        Where = where;
        Hint = hint;
    }

    public string Code { get; }

    public string? Where { get; }

    public string? Hint { get; }
}
