using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Pm.Packages;

/// <summary>A package that another needs: the newest version of it, or exactly one.</summary>
public sealed record Dependency(PackageName Name, PackageVersion? Exact)
{
    static readonly SearchValues<char> RangeCharacters = SearchValues.Create("^~<>=*|, ");

    public static bool TryParse(string? text, [NotNullWhen(true)] out Dependency? dependency)
    {
        dependency = null;
        var at = text?.IndexOf('@') ?? -1;
        if (text is null || !PackageName.TryParse(at < 0 ? text : text[..at], out var name))
        {
            return false;
        }

        PackageVersion? exact = null;
        if (at >= 0 && (IsRange(text) || !PackageVersion.TryParse(text[(at + 1)..], out exact)))
        {
            return false;
        }

        dependency = new Dependency(name, exact);
        return true;
    }

    /// <summary>Reads <c>baz</c> or <c>bar@0.9.2</c>.</summary>
    /// <exception cref="PackageFormatException">PM2003: anything else; a range is told where ranges go.</exception>
    public static Dependency Parse(string text)
    {
        if (TryParse(text, out var dependency))
        {
            return dependency;
        }

        throw IsRange(text)
            ? new PackageFormatException(
                "PM2003",
                $"dependency {Shown.Quote(text)}: deps take `name` or `name@version`, no ranges; ranges stand under `requires:`")
            : new PackageFormatException("PM2003", $"dependency {Shown.Quote(text)}: expected `name` or `name@version`");
    }

    /// <summary>Whether people who know other tools mean a range by <paramref name="text"/>; <c>1.x</c> would pass for a version.</summary>
    static bool IsRange(string text) =>
        text.AsSpan().ContainsAny(RangeCharacters) || text.EndsWith(".x", StringComparison.Ordinal);

    public override string ToString() => Exact is null ? Name.Text : $"{Name.Text}@{Exact.Text}";
}
