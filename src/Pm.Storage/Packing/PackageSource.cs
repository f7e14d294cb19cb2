using Pm.Blobs;
using Pm.Codecs;
using Pm.Linux;
using Pm.Packages;
using Pm.Packages.Pkg;

namespace Pm.Storage.Packing;

/// <summary>
/// A directory that is a package in the making: <c>meta.yaml</c>, and <c>root/</c> or <c>root.tar.*</c>; also
/// <c>bin/</c> with hooks and <c>meta/</c> with further meta files. Anything else in it is an error, as in the original.
/// </summary>
/// <remarks>Source: docs/formats/pkg.md, "Packing a directory"; mcquay pm, "Package".</remarks>
public sealed class PackageSource : IDisposable
{
    const string TreeFolder = "root";
    const int MaximumMetaFile = 64 << 20;
    const int ExecuteBits = 0b001_001_001;
    const string Allowed = "it may hold root/ or root.tar.*, meta.yaml, bin/ and meta/";

    readonly DirectoryHandle _directory;
    readonly string _name;
    readonly PackOptions _options;
    readonly string _scratch;
    readonly List<string> _notes = [];
    TreeReading? _tree;
    ScratchBlobs? _blobs;

    PackageSource(DirectoryHandle directory, string name, PackOptions options, string scratch)
    {
        _directory = directory;
        _name = name;
        _options = options;
        _scratch = scratch;
        Package = null!;
    }

    public Package Package { get; private set; }

    /// <summary>What was left out or made anew, a sentence each.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <param name="path">The directory.</param>
    /// <param name="name">The directory in messages.</param>
    /// <param name="options">What may be packed.</param>
    /// <param name="scratch">An existing directory for what a root.tar holds.</param>
    /// <param name="cancellation">Stops it between two files.</param>
    /// <exception cref="PackageFormatException">PM2306, PM22xx, PM20xx: the directory is not a package in the making.</exception>
    public static PackageSource Read(
        string path, string name, PackOptions options, string scratch, CancellationToken cancellation = default)
    {
        var source = new PackageSource(DirectoryHandle.Open(path), name, options, scratch);
        try
        {
            source.Read(cancellation);
            return source;
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>The content of a file of the package.</summary>
    public Stream OpenBlob(MerkleRoot root) => _tree?.Open(root) ?? _blobs!.Open(root);

    public void Dispose()
    {
        _tree?.Dispose();
        _blobs?.Dispose();
        _directory.Dispose();
    }

    void Read(CancellationToken cancellation)
    {
        var members = _directory.Entries().OrderBy(e => e.Name, PathOrder.Bytes).ToArray();
        foreach (var member in members)
        {
            Judge(member);
        }

        var builder = StartBuilder(members);
        AddHooks(builder, members);
        AddMetaFolder(builder, members);
        ReadRoot(builder, members, cancellation);
        Package = builder.Build();
    }

    void Judge(DirectoryEntry member)
    {
        var isFolder = member.Kind == FileKind.Directory;
        switch (member.Name)
        {
            case TreeFolder or PkgNames.HookFolder or PkgNames.MetaFolder when isFolder:
            case PkgNames.Description when !isFolder:
            case var root when PkgNames.IsRoot(root) && !isFolder:
                break;
            case PkgNames.Bom or PkgNames.Manifest or PkgNames.Signature or PkgNames.Hash when !isFolder:
                _notes.Add($"{member.Name} is made anew");
                break;
            default:
                throw PackFault.Source(_name, $"`{PathText.Show(member.Name)}` is nothing a package has; {Allowed}");
        }
    }

    PackageBuilder StartBuilder(DirectoryEntry[] members)
    {
        var yaml = ReadFile(_directory, PkgNames.Description, PkgNames.Description)
            ?? throw PackFault.Source(_name, "`meta.yaml` is missing");
        var description = PackageDescription.Parse(yaml, $"{_name}/{PkgNames.Description}");
        var builder = new PackageBuilder(new PackageId(description.Name, description.Version))
        {
            KeepsSetId = _options.AllowsSetId,
        };

        // As a reader of the .pkg does: with meta/package there, meta.yaml is only a copy.
        if (!HasMeta(members, Package.IdentityName) && !HasMeta(members, Package.DescriptionName))
        {
            builder.AddMeta(Package.DescriptionName, yaml);
        }

        return builder;
    }

    bool HasMeta(DirectoryEntry[] members, string name)
    {
        if (!members.Any(m => m.Name == PkgNames.MetaFolder))
        {
            return false;
        }

        using var folder = _directory.OpenBeneath(PkgNames.MetaFolder);
        return folder.Status(name[(PkgNames.MetaFolder.Length + 1)..]) is { IsRegular: true };
    }

    void AddHooks(PackageBuilder builder, DirectoryEntry[] members)
    {
        if (!members.Any(m => m.Name == PkgNames.HookFolder))
        {
            return;
        }

        using var folder = _directory.OpenBeneath(PkgNames.HookFolder);
        foreach (var entry in folder.Entries().OrderBy(e => e.Name, PathOrder.Bytes))
        {
            var where = $"{_name}/{PkgNames.HookFolder}/{PathText.Show(entry.Name)}";
            if (!HookNames.TryParse(entry.Name, out _))
            {
                throw PackFault.Source(where, "not the name of a hook; hooks are {pre,post}-{install,upgrade,remove}");
            }

            if (folder.Status(entry.Name) is not { IsRegular: true } status || (status.Mode & ExecuteBits) == 0)
            {
                throw PackFault.Source(where, "a hook must be an executable file", $"chmod +x {where}");
            }

            builder.AddMeta(HookNames.Folder + entry.Name, ReadFile(folder, entry.Name, where)!);
        }
    }

    void AddMetaFolder(PackageBuilder builder, DirectoryEntry[] members)
    {
        var pending = new Stack<string>(members.Any(m => m.Name == PkgNames.MetaFolder) ? [PkgNames.MetaFolder] : []);
        while (pending.TryPop(out var path))
        {
            using var folder = _directory.OpenBeneath(path);
            foreach (var entry in folder.Entries())
            {
                var below = $"{path}/{entry.Name}";
                if (entry.Kind == FileKind.Directory)
                {
                    pending.Push(below);
                }
                else
                {
                    builder.AddMeta(below, ReadFile(folder, entry.Name, below)!);
                }
            }
        }
    }

    byte[]? ReadFile(DirectoryHandle folder, string name, string shown)
    {
        if (folder.Status(name) is { IsRegular: false } status)
        {
            throw PackFault.Special($"{_name}/{PathText.Show(shown)}", status.IsSymbolicLink ? "a link here" : "anything but a file here");
        }

        return folder.TryReadFile(name, MaximumMetaFile);
    }

    void ReadRoot(PackageBuilder builder, DirectoryEntry[] members, CancellationToken cancellation)
    {
        var roots = members.Where(m => m.Name == TreeFolder || PkgNames.IsRoot(m.Name)).ToArray();
        switch (roots)
        {
            case []:
                throw PackFault.Source(_name, "the files are missing: neither root/ nor root.tar.* is there");
            case [{ Name: TreeFolder }]:
                _tree = TreeReading.Read(
                    _directory.OpenBeneath(TreeFolder), $"{_name}/{TreeFolder}", builder, _options, cancellation);
                _notes.AddRange(_tree.Notes);
                break;
            case [var tar]:
                ReadRootTar(builder, tar.Name);
                break;
            default:
                throw PackFault.Source(_name, $"only one of {string.Join(", ", roots.Select(r => r.Name))} can be packed");
        }
    }

    void ReadRootTar(PackageBuilder builder, string name)
    {
        using var file = new FileStream(_directory.OpenRead(name), FileAccess.Read, bufferSize: 1);
        var head = new byte[CompressionFormat.HeadSize];
        var count = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        file.Position = 0;
        using var plain = Decompressor.Open(file, CompressionFormat.Detect(head.AsSpan(0, count)), leaveOpen: true);
        _blobs = new ScratchBlobs(_scratch);
        var limits = PkgLimits.Default with { AllowsOutsideLinks = _options.AllowsOutsideLinks };
        _ = RootTar.Read(plain, _blobs, builder, limits, $"{_name}/{name}");
    }
}
