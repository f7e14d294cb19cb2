using Pm.Blobs;

namespace Pm.Packages;

/// <summary>One line of <c>meta/modes</c>.</summary>
/// <param name="Path">The path it speaks of.</param>
/// <param name="Kind">What stands there.</param>
/// <param name="Mode">Permission, set-id and sticky bits; 0777 for a symlink.</param>
/// <param name="Target">Where a symlink points.</param>
/// <param name="Owner">User name; null = root.</param>
/// <param name="Group">Group name; null = root's.</param>
/// <param name="Capabilities">The bytes of <c>security.capability</c> as lower hex.</param>
/// <param name="Root">The blob of a file whose path <c>meta/contents</c> cannot express.</param>
public sealed record ModeEntry(
    string Path,
    EntryKind Kind,
    int Mode,
    string? Target = null,
    string? Owner = null,
    string? Group = null,
    string? Capabilities = null,
    MerkleRoot? Root = null);
