using System.Diagnostics.CodeAnalysis;

namespace Pm.Packages.Versions;

/// <summary>Which versions of a package will do: <c>^1.2</c>, <c>&gt;=1, &lt;3 || =4.0.1</c>. Source: docs/formats/versions.md, "Requirements".</summary>
public sealed class VersionRequirement : IEquatable<VersionRequirement>
{
    /// <summary>Longest text in characters.</summary>
    public const int MaximumLength = 1000;

    /// <summary>Most comparators in one requirement.</summary>
    public const int MaximumComparators = 64;

    readonly string _text;

    VersionRequirement(string text, VersionSet versions, PackageVersion? exact) =>
        (_text, Versions, Exact) = (text, versions, exact);

    /// <summary>What a name alone asks for: any version, a pre-release too where nothing else fits.</summary>
    public static VersionRequirement Any { get; } = new("", VersionSet.All, null);

    /// <summary>The versions that fulfil it.</summary>
    public VersionSet Versions { get; }

    /// <summary>The one version that it names by its text, as <c>name@version</c> does; null: a range.</summary>
    public PackageVersion? Exact { get; }

    /// <summary>Whether a name stands alone, without a word about versions.</summary>
    public bool IsAny => _text.Length == 0;

    /// <summary>What <c>name@version</c> asks for: that version as it is written, not one of its precedence.</summary>
    public static VersionRequirement Exactly(PackageVersion version) => new($"@{version.Text}", VersionSet.Exactly(version), version);

    /// <summary>Whether <paramref name="version"/> fulfils it.</summary>
    public bool Contains(PackageVersion version) => Versions.Contains(version);

    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out VersionRequirement? requirement) =>
        TryParse(text, out requirement, out _);

    /// <summary>Reads a requirement, or says where it stops being one.</summary>
    public static bool TryParse(
        [NotNullWhen(true)] string? text, [NotNullWhen(true)] out VersionRequirement? requirement, out RequirementFault fault)
    {
        requirement = null;
        if (text is null or { Length: > MaximumLength })
        {
            fault = new RequirementFault(0, $"expected at most {MaximumLength} characters, got {text?.Length ?? 0}");
            return false;
        }

        var reader = new RequirementReader(text);
        if (reader.Read() is { } alternatives)
        {
            requirement = Of(alternatives);
        }

        fault = reader.Fault;
        return requirement is not null;
    }

    /// <exception cref="PackageFormatException">PM2031: <paramref name="text"/> is not a requirement; the message has the column.</exception>
    public static VersionRequirement Parse(string text) =>
        TryParse(text, out var requirement, out var fault)
            ? requirement
            : throw new PackageFormatException("PM2031", $"requirement {Shown.Quote(text)}, column {fault.Position + 1}: {fault.Message}");

    public bool Equals(VersionRequirement? other) => other is not null && _text == other._text;

    public override bool Equals(object? obj) => Equals(obj as VersionRequirement);

    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    /// <summary>In one way of writing, which reads as the same requirement; "" for <see cref="Any"/>, <c>@version</c> for an exact one.</summary>
    public override string ToString() => _text;

    static VersionRequirement Of(List<List<VersionComparator>> alternatives) => new(
        string.Join(" || ", alternatives.Select(all => string.Join(", ", all))),
        alternatives.Select(SetOf).Aggregate((left, right) => left.Union(right)),
        null);

    /// <summary>A pre-release has to be let in by one of the comparators, and to lie where all of them say.</summary>
    static VersionSet SetOf(List<VersionComparator> all)
    {
        var order = all.Select(c => VersionIntervals.Of([c.Interval])).Aggregate((left, right) => left.Intersect(right));
        var letIn = VersionIntervals.Of(all.Select(c => c.PreReleases).OfType<VersionInterval>());
        return VersionSet.Of(order, order.Intersect(letIn));
    }
}
