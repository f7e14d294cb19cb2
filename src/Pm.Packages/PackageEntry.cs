using Pm.Blobs;

namespace Pm.Packages;

/// <summary>What a package puts at one path.</summary>
/// <param name="Path">Relative, '/'-separated; see <see cref="PackagePath"/>.</param>
/// <param name="Kind">What stands there.</param>
/// <param name="Mode">Permission, set-id and sticky bits (0–07777); 0777 for a symlink.</param>
/// <param name="Root">The blob of a file; all zero for the other kinds.</param>
/// <param name="Target">Where a symlink points, as written.</param>
/// <param name="Owner">User name; null = root.</param>
/// <param name="Group">Group name; null = root's.</param>
/// <param name="Capabilities">The bytes of <c>security.capability</c> as lower hex; null = none.</param>
public sealed record PackageEntry(
    string Path,
    EntryKind Kind,
    int Mode,
    MerkleRoot Root = default,
    string? Target = null,
    string? Owner = null,
    string? Group = null,
    string? Capabilities = null)
{
    public const int FileMode = 0b110_100_100;

    public const int DirectoryMode = 0b111_101_101;

    public const int SymlinkMode = 0b111_111_111;

    /// <summary>A file that somebody may execute.</summary>
    public bool IsExecutable => Kind == EntryKind.File && (Mode & 0b001_001_001) != 0;

    /// <summary>Set-user-id or set-group-id.</summary>
    public bool IsSetId => (Mode & 0b110_000_000_000) != 0;
}
