using System.Collections.Immutable;
using Pm.Blobs;

namespace Pm.Packages.Locks;

/// <summary>One thing that <c>pm vendor</c> wrote: a package as a file, or a source as a directory.</summary>
public sealed record VendoredItem
{
    public required PackageId Id { get; init; }

    /// <summary>The package hash; null: it is a source.</summary>
    public MerkleRoot? Hash { get; init; }

    /// <summary>Of a source: what names its content.</summary>
    public string? Tree { get; init; }

    /// <summary>Entries of a source that version control does not keep, in a line each.</summary>
    public ImmutableArray<string> Unusual { get; init; } = [];
}
