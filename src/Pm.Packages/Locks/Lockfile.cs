using System.Collections.Immutable;

namespace Pm.Packages.Locks;

/// <summary><c>pm.lock</c>: what was chosen for a project, so that every machine gets the same. Source: docs/formats/lockfile.md.</summary>
/// <remarks>The same content gives the same bytes, and a change of one package changes the lines of that package alone.</remarks>
public sealed class Lockfile
{
    /// <summary>The format that is written, and the newest that is read.</summary>
    public const int Format = 1;

    /// <summary>Longest lockfile in bytes.</summary>
    public const int MaximumSize = 64 << 20;

    /// <summary>The tree of what the project needs for itself alone.</summary>
    public const string OwnTree = ".";

    readonly Lazy<Dictionary<(string, PackageName), LockedPackage>> _byName;

    readonly Lazy<HashSet<(PackageId, Blobs.MerkleRoot, string?)>> _known;

    /// <param name="remotes">In their order of preference.</param>
    /// <param name="packages">In any order; each name once a tree.</param>
    public Lockfile(IEnumerable<LockedRemote> remotes, IEnumerable<LockedPackage> packages)
    {
        Remotes = [.. remotes];
        Packages = Sorted([.. packages]);
        _known = new(() => [.. Packages.Where(p => p.Hash is not null).Select(p => (p.Id, p.Hash!.Value, p.Signer))]);
        _byName = new(() => Packages.ToDictionary(p => (p.Tree, p.Id.Name)));
    }

    /// <summary>Nothing was chosen yet.</summary>
    public static Lockfile Empty { get; } = new([], []);

    public ImmutableArray<LockedRemote> Remotes { get; }

    /// <summary>Sorted by tree and name.</summary>
    public ImmutableArray<LockedPackage> Packages { get; }

    public LockedPackage? Find(string tree, PackageName name) => _byName.Value.GetValueOrDefault((tree, name));

    /// <summary>Whether the same bytes by the same signer are locked, for whomever.</summary>
    public bool Knows(LockedPackage package)
    {
        ArgumentNullException.ThrowIfNull(package);
        return package.Hash is { } hash && _known.Value.Contains((package.Id, hash, package.Signer));
    }

    /// <param name="utf8">A lockfile. It must not change afterwards.</param>
    /// <param name="file">Its name, for messages.</param>
    /// <exception cref="PackageFormatException">PM2101–PM2103: not TOML; PM2112: not a lockfile that pm wrote; PM2113: of a newer pm.</exception>
    public static Lockfile Parse(ReadOnlyMemory<byte> utf8, string file) => LockfileReader.Read(utf8, file);

    /// <summary>The order of packages in the file.</summary>
    internal static int Compare(LockedPackage left, LockedPackage right) =>
        string.CompareOrdinal(left.Tree, right.Tree) is var order and not 0 ? order : left.Id.Name.CompareTo(right.Id.Name);

    /// <summary>A file that pm wrote is in order.</summary>
    static ImmutableArray<LockedPackage> Sorted(ImmutableArray<LockedPackage> packages)
    {
        for (var i = 1; i < packages.Length; i++)
        {
            if (Compare(packages[i - 1], packages[i]) > 0)
            {
                return packages.Sort(Compare);
            }
        }

        return packages;
    }

    public byte[] ToBytes() => LockfileWriter.Write(this);
}
