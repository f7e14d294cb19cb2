namespace Pm.Packages.Versions;

/// <summary>What is older comes first; <see cref="End"/> is "nothing more", so what stands before it makes a version older.</summary>
enum VersionRank
{
    /// <summary>Before everything of its release: stands in bounds alone, in no version.</summary>
    Start,

    /// <summary>Debian's <c>~</c>: older than everything.</summary>
    Tilde,

    /// <summary>SemVer's <c>-</c>, or a word such as <c>rc</c>.</summary>
    PreRelease,
    End,
    Number,
    Word,
}
