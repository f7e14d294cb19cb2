using Pm.Packages;

namespace Pm.Storage.Planning;

/// <summary>A directory that some package needs.</summary>
sealed class TreeDirectory
{
    /// <summary>Relative to the root; "" is the root itself.</summary>
    public required string Path { get; init; }

    public int Mode { get; private set; } = PackageEntry.DirectoryMode;

    public string? Owner { get; private set; }

    public string? Group { get; private set; }

    /// <summary>Index of the package that states its mode; -1: it is only a parent of something.</summary>
    public int StatedBy { get; private set; } = -1;

    /// <summary>Index of the first package that needs it.</summary>
    public required int Package { get; init; }

    public List<TreeEntry> Files { get; } = [];

    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    public void State(PackageEntry entry, int package)
    {
        Mode = entry.Mode;
        Owner = entry.Owner is "root" ? null : entry.Owner;
        Group = entry.Group is "root" ? null : entry.Group;
        StatedBy = package;
    }

    public bool IsStatedAs(PackageEntry entry) =>
        Mode == entry.Mode && (Owner ?? "root") == (entry.Owner ?? "root") && (Group ?? "root") == (entry.Group ?? "root");
}
