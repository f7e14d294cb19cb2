using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Pm.Packages;

/// <summary>The rules for paths inside a package. Source: docs/formats/contents.md.</summary>
public static class PackagePath
{
    /// <summary>Longest path in bytes; PATH_MAX without its NUL.</summary>
    public const int MaximumLength = 4095;

    /// <summary>Longest segment in bytes; NAME_MAX.</summary>
    public const int MaximumSegmentLength = 255;

    /// <summary>Why <paramref name="path"/> is no path inside a package; null when it is one.</summary>
    public static string? Fault(string path)
    {
        if (path.Length == 0)
        {
            return "it is empty";
        }

        if (TextFault(path, MaximumLength) is { } fault)
        {
            return fault;
        }

        foreach (var range in path.AsSpan().Split('/'))
        {
            var segment = path.AsSpan(range);
            switch (segment)
            {
                case "":
                    return "it has an empty segment, or a slash at its start or end";
                case "." or "..":
                    return $"it has a segment `{segment}`";
                default:
                    if (segment.Length > MaximumSegmentLength / 3
                        && Encoding.UTF8.GetByteCount(segment) > MaximumSegmentLength)
                    {
                        return $"it has a segment of more than {MaximumSegmentLength} bytes";
                    }

                    break;
            }
        }

        return null;
    }

    public static bool IsValid([NotNullWhen(true)] string? path) => path is not null && Fault(path) is null;

    /// <exception cref="PackageFormatException">PM2004: <paramref name="path"/> cannot stand in a package.</exception>
    public static void Check(string path, string? where = null)
    {
        if (Fault(path) is { } fault)
        {
            throw new PackageFormatException("PM2004", $"path {Shown.Quote(path)}: {fault}", where);
        }
    }

    /// <summary>Whether a symlink at <paramref name="path"/> would point outside the tree the package is put in.</summary>
    public static bool LeadsOutside(string path, string target)
    {
        if (target.StartsWith('/'))
        {
            return true;
        }

        var depth = path.AsSpan().Count('/');
        foreach (var range in target.AsSpan().Split('/'))
        {
            depth += target.AsSpan(range) switch { "" or "." => 0, ".." => -1, _ => 1 };
            if (depth < 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Why <paramref name="text"/> can be neither a path nor the target of a symlink.</summary>
    internal static string? TextFault(string text, int longest)
    {
        foreach (var c in text)
        {
            if (c < ' ' || c == '\x7f')
            {
                return c == '\0' ? "it has a NUL" : $"it has the control character 0x{(int)c:x2}";
            }
        }

        // Three bytes are the most that one UTF-16 unit becomes.
        return !IsUnicode(text) ? "it is not valid Unicode"
            : text.Length > longest / 3 && Encoding.UTF8.GetByteCount(text) > longest ? $"it is longer than {longest} bytes"
            : null;
    }

    static bool IsUnicode(string text)
    {
        var at = text.AsSpan().IndexOfAnyInRange('\ud800', '\udfff');
        while (at >= 0)
        {
            if (!Rune.TryGetRuneAt(text, at, out _))
            {
                return false;
            }

            var next = text.AsSpan(at + 2).IndexOfAnyInRange('\ud800', '\udfff');
            at = next < 0 ? -1 : at + 2 + next;
        }

        return true;
    }
}
