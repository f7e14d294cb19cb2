using Pm.Packages.Versions;

namespace Pm.Packages.Locks;

/// <summary>A package that a locked one needs, as it says it.</summary>
/// <param name="Name">Of the other.</param>
/// <param name="Versions">Which will do.</param>
/// <param name="IsPrivate">Whether it is chosen for its dependent alone.</param>
public sealed record LockedNeed(PackageName Name, VersionRequirement Versions, bool IsPrivate)
{
    /// <summary><c>lib</c>, <c>lib@1.0</c> or <c>lib ^1.2</c>.</summary>
    public override string ToString() =>
        Versions.IsAny ? Name.Text : Versions.Exact is not null ? $"{Name.Text}{Versions}" : $"{Name.Text} {Versions}";

    /// <summary>Reads what <see cref="ToString"/> writes; null: it is none.</summary>
    internal static LockedNeed? TryParse(string text, bool isPrivate)
    {
        var end = text.AsSpan().IndexOfAny(' ', '@');
        if (!PackageName.TryParse(end < 0 ? text : text[..end], out var name))
        {
            return null;
        }

        if (end < 0)
        {
            return new LockedNeed(name, VersionRequirement.Any, isPrivate);
        }

        if (text[end] == '@')
        {
            return PackageVersion.TryParse(text[(end + 1)..], out var version)
                ? new LockedNeed(name, VersionRequirement.Exactly(version), isPrivate)
                : null;
        }

        return VersionRequirement.TryParse(text[(end + 1)..], out var versions) ? new LockedNeed(name, versions, isPrivate) : null;
    }
}
