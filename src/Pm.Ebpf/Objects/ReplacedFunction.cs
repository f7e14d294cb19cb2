namespace Pm.Ebpf.Objects;

/// <summary>A function of a program that is in the kernel already.</summary>
/// <param name="Program">The path of a pinned program, or of what holds one at its hook; or the kernel's number of it.</param>
/// <param name="Function">Empty where the section of the program that takes its place says it.</param>
public sealed record ReplacedFunction(string Program, string Function)
{
    /// <summary><c>PATH</c>, <c>PATH:FUNCTION</c>, <c>NUMBER</c>, <c>NUMBER:FUNCTION</c>; null: it is none of them.</summary>
    public static ReplacedFunction? Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var colon = text.LastIndexOf(':');
        var isWhole = colon < 0 || text.AsSpan(colon).Contains('/');
        var found = isWhole ? new ReplacedFunction(text, "") : new ReplacedFunction(text[..colon], text[(colon + 1)..]);
        return found.IsNumber || found.Program.Contains('/', StringComparison.Ordinal) ? found : null;
    }

    /// <summary>It is the kernel's number.</summary>
    public bool IsNumber => Program.Length is > 0 and < 11 && Program.All(char.IsAsciiDigit);

    /// <summary>The same with the function that a section says, where its user says none.</summary>
    public static string With(string text, string function) => Of(text) is { Function: "" } found && function.Length > 0 ? $"{found.Program}:{function}" : text;
}
