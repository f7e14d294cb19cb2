using Pm.Blobs;
using Pm.Packages;

namespace Pm.Storage.Planning;

/// <summary>What one path of a root holds according to the packages: a file or a symbolic link.</summary>
sealed class TreeEntry
{
    const int ReadWrite = PackageEntry.FileMode;
    const int ReadWriteExecute = 0b111_101_101;

    public required string Path { get; init; }

    /// <summary>The content of a file; of a symbolic link the root of its target's text.</summary>
    public required MerkleRoot Root { get; init; }

    public bool IsExecutable { get; init; }

    /// <summary>Where a symbolic link points; null for a file.</summary>
    public string? Target { get; init; }

    /// <summary>What the package asks for.</summary>
    public int Mode { get; init; } = ReadWrite;

    public string? Owner { get; init; }

    public string? Group { get; init; }

    public string? Capabilities { get; init; }

    /// <summary>Whether the three-way rule applies to it.</summary>
    public bool IsConfiguration { get; init; }

    /// <summary>Index of the owner in the tree's list of packages.</summary>
    public int Package { get; init; }

    public bool IsLink => Target is not null;

    public BlobName Blob => new(Root, IsExecutable);

    /// <summary>
    /// Whether it is a file of its own instead of a link to the store's: what may be edited, and what an inode that is
    /// shared with other roots cannot carry.
    /// </summary>
    public bool IsCopied => Target is null
        && (IsConfiguration || Owner is not null || Group is not null || Capabilities is not null
            || Mode is not (ReadWrite or ReadWriteExecute));

    /// <summary>The mode on disk: a file linked to the store has the store's, whoever's file it is.</summary>
    public int DiskMode => IsCopied ? Mode : Blob.Mode;

    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    /// <summary>Whether both leave the same on disk.</summary>
    public bool IsSameAs(TreeEntry other) =>
        Root == other.Root && Target == other.Target && Mode == other.Mode && Owner == other.Owner
        && Group == other.Group && Capabilities == other.Capabilities && IsCopied == other.IsCopied;

    /// <summary>The same under another path: <c>.pm-new</c>.</summary>
    public TreeEntry At(string path) => new()
    {
        Path = path,
        Root = Root,
        IsExecutable = IsExecutable,
        Target = Target,
        Mode = Mode,
        Owner = Owner,
        Group = Group,
        Capabilities = Capabilities,
        IsConfiguration = IsConfiguration,
        Package = Package,
    };

    public static TreeEntry Of(PackageEntry entry, bool isConfiguration, int package) => new()
    {
        Path = entry.Path,
        Root = entry.Target is { } target ? RootOfTarget(target) : entry.Root,
        IsExecutable = entry.IsExecutable,
        Target = entry.Kind is EntryKind.Symlink ? entry.Target : null,
        Mode = entry.Mode,
        Owner = IsRoot(entry.Owner) ? null : entry.Owner,
        Group = IsRoot(entry.Group) ? null : entry.Group,
        Capabilities = entry.Capabilities,
        IsConfiguration = isConfiguration && entry.Kind is EntryKind.File,
        Package = package,
    };

    public static MerkleRoot RootOfTarget(string target) => MerkleRoot.Of(System.Text.Encoding.UTF8.GetBytes(target));

    static bool IsRoot(string? name) => name is null or "root";
}
