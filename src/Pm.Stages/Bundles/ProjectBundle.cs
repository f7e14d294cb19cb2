using System.Collections.Immutable;
using System.Text;
using Pm.Blobs;
using Pm.Packages;
using Pm.Packages.Locks;
using Pm.Packages.Manifests;
using Pm.Packages.Tar;
using Pm.Stages.Changes;
using Pm.Stages.Sources;

namespace Pm.Stages.Bundles;

/// <summary>
/// One file with all that a lockfile names, for a machine without a network. Nothing in it is believed because it is in it: packages by hash and signature, archives by
/// digest, git trees by the commit that names them.
/// </summary>
/// <remarks>Source: docs/formats/bundle.md.</remarks>
public sealed class ProjectBundle
{
    const string PackageFolder = "packages";
    const string ArchiveFolder = "archives";
    const string TreeFolder = "trees";
    const string ObjectFolder = "git";
    const int MaximumUnusual = 16 << 20;

    /// <summary>More than any project has.</summary>
    const int MaximumMembers = 200_000;

    readonly string _path;
    readonly Dictionary<string, (long Offset, long Length)> _members;

    ProjectBundle(string path, string name, Lockfile file, Dictionary<string, (long Offset, long Length)> members) => (_path, Name, File, _members) = (path, name, file, members);

    /// <summary>As it was named, for messages.</summary>
    public string Name { get; }

    /// <summary>What it was made for.</summary>
    public Lockfile File { get; }

    internal static string PackageMember(MerkleRoot hash) => $"{PackageFolder}/{hash}.pkg";

    internal static string ArchiveMember(string sha256) => $"{ArchiveFolder}/{sha256.ToLowerInvariant()}";

    internal static string TreeMember(string tree) => $"{TreeFolder}/{tree}.tar";

    internal static string UnusualMember(string tree) => $"{TreeFolder}/{tree}.unusual";

    internal static string ObjectMember(string id) => $"{ObjectFolder}/{id}";

    /// <summary>Reads what there is. Nothing is unpacked.</summary>
    /// <param name="path">Absolute.</param>
    /// <param name="name">The file in messages.</param>
    /// <exception cref="PackageFormatException">PM2320: not a bundle of a project.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static ProjectBundle Read(string path, string name)
    {
        var limits = TarLimits.Default with { MaximumEntries = MaximumMembers, RefusesTrailingData = true };
        var members = new Dictionary<string, (long, long)>(StringComparer.Ordinal);
        using var source = System.IO.File.OpenRead(path);
        var reader = new TarReader(source, limits, name);
        Lockfile? file = null;
        while (reader.Next() is { } entry)
        {
            if (entry is not { Kind: TarEntryKind.File } or { IsSparse: true } || (file is null) != (entry.Path == Projects.Project.LockName) || !IsKnown(entry.Path) || !members.TryAdd(entry.Path, (reader.DataOffset, entry.Size)))
            {
                throw Fault(name, file is null ? $"expected {Projects.Project.LockName} first, got {PathText.Show(entry.Path)}" : $"{PathText.Show(entry.Path)} does not belong there");
            }

            file ??= Lockfile.Parse(Content(path, (reader.DataOffset, entry.Size), Lockfile.MaximumSize, name), $"{name}: {entry.Path}");
        }

        return !reader.HasEndMark ? throw Fault(name, "it is cut off")
            : file is null ? throw Fault(name, "it holds nothing")
            : new ProjectBundle(path, name, file, members);
    }

    /// <summary>Whether a locked package or source is in it. Of a path nothing is: it is wherever the project has it.</summary>
    public bool Has(LockedPackage package)
    {
        ArgumentNullException.ThrowIfNull(package);
        return package.Source switch
        {
            RemoteSource => package.Hash is { } hash && _members.ContainsKey(PackageMember(hash)),
            GitSource => package.Commit is { } commit && HasObject(commit),
            ArchiveSource archive => _members.ContainsKey(ArchiveMember(archive.Sha256)),
            _ => false,
        };
    }

    /// <summary>The <c>.pkg</c> of a locked package; null: it is not in it.</summary>
    /// <exception cref="PackageFormatException">It is damaged.</exception>
    public LocalFile? FindPackage(LockedPackage package)
    {
        ArgumentNullException.ThrowIfNull(package);
        return package.Hash is { } hash && _members.TryGetValue(PackageMember(hash), out var region) ? LocalFile.Read(_path, $"{Name}: {package.Id}", region) : null;
    }

    internal FileRegion? OpenArchive(string sha256) => Open(ArchiveMember(sha256));

    internal bool HasArchive(string sha256) => _members.ContainsKey(ArchiveMember(sha256));

    internal FileRegion? OpenTree(string tree) => Open(TreeMember(tree));

    internal bool HasObject(string id) => _members.ContainsKey(ObjectMember(id));

    internal byte[]? Object(string id) => _members.TryGetValue(ObjectMember(id), out var region) ? Content(_path, region, GitProof.MaximumSize, Name) : null;

    internal ImmutableArray<UnusualEntry> Unusual(string tree) => !_members.TryGetValue(UnusualMember(tree), out var region) ? []
        : [.. Encoding.UTF8.GetString(Content(_path, region, MaximumUnusual, Name)).Split('\n').Select(UnusualEntry.TryParse).OfType<UnusualEntry>()];

    static bool IsKnown(string path)
    {
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        var (folder, name) = (path[..Math.Max(slash, 0)], path[(slash + 1)..]);
        return folder switch
        {
            "" => name == Projects.Project.LockName,
            PackageFolder => name.EndsWith(".pkg", StringComparison.Ordinal) && IsName(name[..^4], 64, 64),
            ArchiveFolder => IsName(name, 64, 64),
            TreeFolder => IsName(Path.GetFileNameWithoutExtension(name), 40, 64) && Path.GetExtension(name) is ".tar" or ".unusual",
            ObjectFolder => IsName(name, 40, 64),
            _ => false,
        };
    }

    static bool IsName(string text, params ReadOnlySpan<int> lengths) => lengths.Contains(text.Length) && text.All(char.IsAsciiHexDigitLower);

    FileRegion? Open(string member) => _members.TryGetValue(member, out var region) ? new FileRegion(System.IO.File.OpenHandle(_path), region.Offset, region.Length) : null;

    static byte[] Content(string path, (long Offset, long Length) region, int limit, string name)
    {
        if (region.Length > limit)
        {
            throw Fault(name, $"a member has {region.Length} bytes, at most {limit} are read");
        }

        // Room is made for bytes that are there, not for what a header says.
        var file = System.IO.File.OpenHandle(path);
        using var stream = new FileRegion(file, region.Offset, region.Length);
        if (RandomAccess.GetLength(file) - region.Offset < region.Length)
        {
            throw Fault(name, "it is cut off");
        }

        var bytes = new byte[region.Length];
        return stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length ? bytes : throw Fault(name, "it is cut off");
    }

    static PackageFormatException Fault(string name, string what) => new(
        "PM2320", $"not a bundle of a project: {what}", name, "`pm bundle FILE` in the project writes one; one of packages is for `pm install --bundle`");
}
