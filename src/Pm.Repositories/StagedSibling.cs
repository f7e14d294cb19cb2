namespace Pm.Repositories;

/// <summary>The compressed form of a blob on its way into a repository.</summary>
/// <param name="StagedName">Where it lies; null where there is none, or it is in its place already.</param>
/// <param name="Size">In bytes; null where there is none.</param>
readonly record struct StagedSibling(string? StagedName, long? Size);
