using Pm.Packages;

namespace Pm.Stages.Building;

/// <summary>Versions of tools, which each say theirs in other words.</summary>
public static class ToolVersion
{
    /// <summary>The first number with a dot in it, or the first number, of what a tool says of its version; null: there is none.</summary>
    public static string? In(string text)
    {
        string? first = null;
        for (var at = 0; at < text.Length; at++)
        {
            if (!char.IsAsciiDigit(text[at]))
            {
                continue;
            }

            var end = at;
            while (end < text.Length && (char.IsAsciiDigit(text[end]) || (text[end] == '.' && end + 1 < text.Length && char.IsAsciiDigit(text[end + 1]))))
            {
                end++;
            }

            var number = text[at..end];
            if (number.Length <= PackageVersion.MaximumLength)
            {
                first ??= number;
                if (number.Contains('.', StringComparison.Ordinal))
                {
                    return number;
                }
            }

            at = end;
        }

        return first;
    }
}
