namespace Pm.Storage.Unpacking;

/// <summary>An entry as it would be made.</summary>
/// <param name="Path">Below the destination.</param>
/// <param name="Kind">"file", "directory", "symlink", "hard link" or "special".</param>
/// <param name="Size">In bytes.</param>
/// <param name="Target">Of a link.</param>
public sealed record ListedEntry(string Path, string Kind, long Size, string? Target);
