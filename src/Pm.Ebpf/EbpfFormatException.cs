namespace Pm.Ebpf;

/// <summary>Bytes from outside are not the eBPF object, or not the types, that they should be.</summary>
#pragma warning disable CA1032 // The general constructors would allow an exception without a code.
public sealed class EbpfFormatException : Exception
#pragma warning restore CA1032
{
    /// <param name="code">"PMnnnn", explained by <c>pm explain</c>.</param>
    /// <param name="message">Lower case, no full stop: what was expected, what was found.</param>
    /// <param name="where">The file, or the part of it; stands before the message.</param>
    /// <param name="hint">The exact command that helps.</param>
    public EbpfFormatException(string code, string message, string? where = null, string? hint = null)
        : base(where is null ? message : $"{where}: {message}")
    {
        Code = code;
        Where = where;
        Hint = hint;
    }

    public string Code { get; }

    public string? Where { get; }

    public string? Hint { get; }
}
