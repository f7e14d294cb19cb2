using System.Text.Json.Serialization;
using Pm.Packages;
using Pm.Repositories.Serving;

namespace Pm.Daemon.Pages.Packages;

/// <summary>What a package puts at a path.</summary>
/// <param name="Path">Relative to the root.</param>
/// <param name="Kind"><c>file</c>, <c>symlink</c>, <c>directory</c>.</param>
/// <param name="Mode">As <c>ls</c> writes it.</param>
/// <param name="Size">In bytes; absent where it is no file.</param>
/// <param name="Target">Where a symbolic link points.</param>
/// <param name="Owner"><c>user:group</c>; absent: root.</param>
/// <param name="Capabilities">As lower hex; absent: none.</param>
/// <param name="IsSetId">Whether it runs as somebody else than who starts it.</param>
/// <param name="Blob">The Merkle root of a file.</param>
public sealed record FileLine(
    string Path,
    string Kind,
    string Mode,
    long? Size,
    string? Target,
    string? Owner,
    string? Capabilities,
    [property: JsonPropertyName("setid")] bool IsSetId,
    string? Blob)
{
    internal static FileLine Of(ServedRepository repository, PackageEntry entry)
    {
        var isFile = entry.Kind == EntryKind.File;
        return new FileLine(
            entry.Path, entry.Kind.ToString().ToLowerInvariant(), ModeText.Of(entry),
            isFile ? repository.SizeOfBlob(entry.Root) : null,
            entry.Target,
            entry.Owner is null && entry.Group is null ? null : $"{entry.Owner ?? "root"}:{entry.Group ?? "root"}",
            entry.Capabilities, entry.IsSetId,
            isFile ? entry.Root.ToString() : null);
    }
}
