using Pm.Packages.Tar;

namespace Pm.Packages.Pkg;

/// <summary>How much a <c>.pkg</c> may ask of its reader.</summary>
public sealed record PkgLimits
{
    public static PkgLimits Default { get; } = new();

    /// <summary>Members of the outer archive.</summary>
    public int MaximumMembers { get; init; } = 10_000;

    /// <summary>Bytes of all members but root.tar: they are kept in memory.</summary>
    public long MaximumMetaBytes { get; init; } = 256L << 20;

    /// <summary>Bytes of its list of members: it is read before it is known who signed it, and becomes several times as much.</summary>
    public long MaximumManifestBytes { get; init; } = ChecksumList.MaximumSize;

    /// <summary>For root.tar. Packages have no ratio limit: a disk image of zeros is an honest package.</summary>
    public TarLimits Root { get; init; } = new() { MaximumEntries = 1_000_000, MaximumNames = 256L << 20, RefusesTrailingData = true };

    /// <summary>Bytes of all files together, where somebody who signs said how many they are.</summary>
    public long MaximumContentBytes { get; init; } = long.MaxValue;

    /// <summary>Symbolic links may lead outside the tree the package is installed into.</summary>
    public bool AllowsOutsideLinks { get; init; }
}
