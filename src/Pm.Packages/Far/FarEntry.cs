namespace Pm.Packages.Far;

/// <summary>A file in a FAR: <paramref name="Length"/> bytes at <paramref name="Offset"/> of the archive.</summary>
public readonly record struct FarEntry(string Name, long Offset, long Length);
