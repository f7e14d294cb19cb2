using System.Globalization;

namespace Pm.Repositories.Serving;

/// <summary>Which encodings <c>Accept-Encoding</c> takes. Source: RFC 9110 12.5.3.</summary>
public static class AcceptedEncoding
{
    const int MaximumLength = 1024;

    /// <summary>Whether zstd is named with a weight above 0. <c>*</c> alone does not ask for it: old clients send it and cannot.</summary>
    public static bool TakesZstandard(string? header)
    {
        if (header is not { Length: <= MaximumLength } || !header.Contains("zstd", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        foreach (var range in header.AsSpan().Split(','))
        {
            var element = header.AsSpan(range);
            var semicolon = element.IndexOf(';');
            var name = (semicolon < 0 ? element : element[..semicolon]).Trim(" \t");
            if (name.Equals("zstd", StringComparison.OrdinalIgnoreCase))
            {
                return semicolon < 0 || IsPositive(element[(semicolon + 1)..].Trim(" \t"));
            }
        }

        return false;
    }

    static bool IsPositive(ReadOnlySpan<char> weight) => weight.StartsWith("q=", StringComparison.OrdinalIgnoreCase)
        && decimal.TryParse(weight[2..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
        && value is > 0 and <= 1;
}
