using System.Globalization;

namespace Pm.Ebpf.Objects;

/// <summary>A function of the kernel or of a file, or a place in one.</summary>
/// <param name="File">A path, or the name of a library or program that is looked for; empty for the kernel.</param>
/// <param name="Function">Empty where only the place in the file is known.</param>
/// <param name="Offset">In bytes from the function's begin, or the file's.</param>
public sealed record FunctionPlace(string File, string Function, ulong Offset)
{
    /// <summary><c>FUNCTION</c>, <c>FUNCTION+OFFSET</c>.</summary>
    public static FunctionPlace? OfKernel(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Parse("", text);
    }

    /// <summary><c>FILE:FUNCTION</c>, <c>FILE:FUNCTION+OFFSET</c>, <c>FILE:0xOFFSET</c>.</summary>
    public static FunctionPlace? OfFile(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var colon = text.LastIndexOf(':');
        return colon <= 0 ? null
            : text[(colon + 1)..] is var place && place.StartsWith("0x", StringComparison.Ordinal)
                ? Number(place) is { } offset ? new FunctionPlace(text[..colon], "", offset) : null
                : Parse(text[..colon], place);
    }

    static FunctionPlace? Parse(string file, string text)
    {
        var plus = text.IndexOf('+', StringComparison.Ordinal);
        var name = plus < 0 ? text : text[..plus];
        return name.Length == 0 || name.Contains('/', StringComparison.Ordinal) ? null
            : plus < 0 ? new FunctionPlace(file, name, 0)
            : Number(text[(plus + 1)..]) is { } offset ? new FunctionPlace(file, name, offset) : null;
    }

    static ulong? Number(string text) => text.StartsWith("0x", StringComparison.Ordinal)
        ? ulong.TryParse(text[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number) ? number : null
        : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) ? number : null;
}
