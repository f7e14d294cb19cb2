namespace Pm.Linux;

/// <summary>One name in a directory. Source: getdents(2).</summary>
/// <param name="Name">See <see cref="FileName"/> for names that are not UTF-8.</param>
/// <param name="Kind">Never <see cref="FileKind.Unknown"/>, except when the file vanished meanwhile.</param>
/// <param name="Inode">The number of the file on this file system.</param>
public readonly record struct DirectoryEntry(string Name, FileKind Kind, ulong Inode);
