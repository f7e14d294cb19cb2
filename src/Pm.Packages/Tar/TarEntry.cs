using System.Collections.ObjectModel;

namespace Pm.Packages.Tar;

/// <summary>One entry as the archive states it; nothing about its path has been judged yet.</summary>
public sealed class TarEntry
{
    /// <summary>The name as stored, without the slashes at its end; <see cref="PathText"/> for names that are not UTF-8.</summary>
    public required string Path { get; init; }

    public required TarEntryKind Kind { get; init; }

    /// <summary>Permission bits with set-uid, set-gid and sticky (0..07777).</summary>
    public int Mode { get; init; }

    /// <summary>Bytes of content after holes are filled; 0 unless <see cref="Kind"/> is <see cref="TarEntryKind.File"/> or Other.</summary>
    public long Size { get; init; }

    /// <summary>Target of a hard or symbolic link, as stored.</summary>
    public string? LinkTarget { get; init; }

    public string UserName { get; init; } = "";

    public string GroupName { get; init; } = "";

    public long UserId { get; init; }

    public long GroupId { get; init; }

    /// <summary>Clamped to what a <see cref="DateTimeOffset"/> holds.</summary>
    public DateTimeOffset Modified { get; init; }

    /// <summary>Extended attributes (name → value) from pax records of star and bsdtar.</summary>
    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Attributes { get; init; } =
        ReadOnlyDictionary<string, ReadOnlyMemory<byte>>.Empty;

    /// <summary>Typeflag as stored, for messages.</summary>
    public char TypeFlag { get; init; }

    /// <summary>Holes stand for most of the content.</summary>
    public bool IsSparse { get; init; }
}
