using Pm.Codecs;

namespace Pm.Packages.Pkg;

/// <summary>A file or symlink of <c>root.tar</c>.</summary>
/// <param name="Path">Without <c>./</c> in front.</param>
/// <param name="Kind">File or symlink.</param>
/// <param name="Mode">As the archive has it.</param>
/// <param name="Blob">The content of a file.</param>
/// <param name="Digest">SHA-256 of the content; of nothing for a symlink, as the original's bom has it.</param>
/// <param name="LinkTarget">Of a symlink.</param>
/// <param name="IsHardLink">The archive had a hard link, whose own content is nothing.</param>
public sealed record RootTarEntry(
    string Path, EntryKind Kind, int Mode, PkgBlob Blob, Sha256Digest Digest, string? LinkTarget, bool IsHardLink);
