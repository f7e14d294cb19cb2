namespace Pm.Storage;

/// <summary>A file that somebody changed and that a package replaces or removes.</summary>
/// <param name="Path">Where it was, relative to the root.</param>
/// <param name="SavedAs">Where it is kept, relative to the root.</param>
public sealed record SavedFile(string Path, string SavedAs);
