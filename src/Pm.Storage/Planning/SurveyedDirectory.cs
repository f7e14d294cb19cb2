using Pm.Linux;

namespace Pm.Storage.Planning;

/// <summary>What was found in one directory.</summary>
/// <param name="Subdirectories">Whoever's they are.</param>
/// <param name="Pristine">Links to the store's files, and symbolic links, as packages put them there.</param>
/// <param name="Others">All the rest: edited, somebody's own, or files that are copies.</param>
sealed record SurveyedDirectory(
    IReadOnlyList<DirectoryEntry> Subdirectories, IReadOnlyList<TreeEntry> Pristine, IReadOnlyList<DirectoryEntry> Others);
