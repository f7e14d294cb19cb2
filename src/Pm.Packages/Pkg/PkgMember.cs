namespace Pm.Packages.Pkg;

/// <summary>A file in the outer archive: where its content lies and how long it is, in bytes.</summary>
public readonly record struct PkgMember(string Name, long Offset, long Size);
