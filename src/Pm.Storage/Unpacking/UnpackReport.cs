namespace Pm.Storage.Unpacking;

/// <summary>What was made. Bytes count holes.</summary>
/// <param name="Files">Files and hard links.</param>
/// <param name="Directories">Also those that no entry named.</param>
/// <param name="Symlinks">Symbolic links.</param>
/// <param name="Bytes">Bytes of the files.</param>
/// <param name="Skipped">Paths of the special files that were passed over.</param>
/// <param name="Notes">What is odd about the archive, a sentence each.</param>
public sealed record UnpackReport(
    int Files, int Directories, int Symlinks, long Bytes, IReadOnlyList<string> Skipped, IReadOnlyList<string> Notes);
