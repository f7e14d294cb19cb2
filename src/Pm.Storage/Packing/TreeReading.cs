using Microsoft.Win32.SafeHandles;
using Pm.Blobs;
using Pm.Linux;
using Pm.Packages;

namespace Pm.Storage.Packing;

/// <summary>Reads the directory that becomes a package's files: what is there, hashed, with nothing left out in silence.</summary>
sealed class TreeReading : IDisposable
{
    const string CapabilityAttribute = "security.capability";
    const int SetIdBits = 0b110_000_000_000;

    // Below it a thread costs more than it saves; above it one file keeps several threads busy.
    const long WorthThreads = 16L << 20;

    readonly DirectoryHandle _top;
    readonly string _name;
    readonly PackOptions _options;
    readonly CancellationToken _cancellation;
    readonly List<TreeFile> _files = [];
    readonly Dictionary<string, string> _links = new(StringComparer.Ordinal);
    readonly Dictionary<MerkleRoot, TreeFile> _blobs = [];

    TreeReading(DirectoryHandle top, string name, PackOptions options, CancellationToken cancellation)
    {
        _top = top;
        _name = name;
        _options = options;
        _cancellation = cancellation;
    }

    /// <summary>Sentences about what was dropped.</summary>
    public List<string> Notes { get; } = [];

    /// <param name="top">The tree; disposed with this.</param>
    /// <param name="name">The tree in messages.</param>
    /// <param name="builder">Gets the entries.</param>
    /// <param name="options">What may be packed.</param>
    /// <param name="cancellation">Stops it between two files.</param>
    public static TreeReading Read(
        DirectoryHandle top, string name, PackageBuilder builder, PackOptions options, CancellationToken cancellation)
    {
        var reading = new TreeReading(top, name, options, cancellation);
        reading.Walk(builder);
        reading.CheckLinks();
        reading.Hash();
        reading.AddFiles(builder);
        return reading;
    }

    /// <summary>The content of a file, read again; the package's writer verifies that it is still the same.</summary>
    public Stream Open(MerkleRoot root)
    {
        var handle = OpenFileAt(_blobs[root].Path);
        return new FileStream(handle, FileAccess.Read, bufferSize: 1);
    }

    public void Dispose() => _top.Dispose();

    void Walk(PackageBuilder builder)
    {
        var pending = new Stack<string>([""]);
        while (pending.TryPop(out var path))
        {
            _cancellation.ThrowIfCancellationRequested();
            using var opened = path.Length == 0 ? null : _top.OpenBeneath(path);
            var folder = opened ?? _top;
            foreach (var entry in folder.Entries())
            {
                var below = path.Length == 0 ? entry.Name : $"{path}/{entry.Name}";
                PackagePath.Check(below, _name);
                Visit(folder, entry, below, builder, pending);
            }
        }
    }

    void Visit(DirectoryHandle folder, DirectoryEntry entry, string path, PackageBuilder builder, Stack<string> pending)
    {
        var status = folder.Status(entry.Name) ?? throw PackFault.Changed($"{_name}/{path}");
        switch (status.Kind)
        {
            case FileKind.Directory:
                builder.AddDirectory(path, Allowed(status.Mode, path));
                pending.Push(path);
                break;
            case FileKind.Regular:
                _files.Add(new TreeFile(path, Allowed(status.Mode, path), status.Size));
                break;
            case FileKind.SymbolicLink:
                var target = folder.ReadLink(entry.Name) ?? throw PackFault.Changed($"{_name}/{path}");
                builder.AddSymlink(path, target);
                _links.Add(path, target);
                break;
            default:
                throw PackFault.Special($"{_name}/{PathText.Show(path)}", status.Kind switch
                {
                    FileKind.Fifo => "a FIFO",
                    FileKind.Socket => "a socket",
                    _ => "a device",
                });
        }
    }

    int Allowed(int mode, string path)
    {
        if ((mode & SetIdBits) != 0 && !_options.AllowsSetId)
        {
            Notes.Add($"{PathText.Show(path)}: its set-id bit is left out (--allow-set-id packs it)");
        }

        return mode;
    }

    void CheckLinks()
    {
        if (_options.AllowsOutsideLinks)
        {
            return;
        }

        var resolution = new LinkResolution(_links);
        foreach (var (path, target) in _links.OrderBy(l => l.Key, PathOrder.Bytes))
        {
            if (resolution.LeadsOutside(path, target))
            {
                throw PackFault.OutsideLink($"{_name}/{PathText.Show(path)}", target);
            }
        }
    }

    void Hash()
    {
        foreach (var large in _files.Where(f => f.Size >= WorthThreads))
        {
            HashFile(large, _options.Threads);
        }

        var small = _files.Where(f => f.Size < WorthThreads).ToArray();
        try
        {
            Parallel.ForEach(
                small,
                new ParallelOptions { MaxDegreeOfParallelism = _options.Threads, CancellationToken = _cancellation },
                file => HashFile(file, threads: 1));
        }
        catch (AggregateException e)
        {
            // One message: the first file by name, so that two runs say the same.
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(
                e.InnerExceptions.OrderBy(i => i.Message, StringComparer.Ordinal).First());
        }
    }

    void HashFile(TreeFile file, int threads)
    {
        _cancellation.ThrowIfCancellationRequested();
        using var handle = OpenFileAt(file.Path);
        var before = OpenFile.Status(handle);
        file.Root = ParallelMerkle.Of(handle, before.Size, threads);
        file.Capabilities = ExtendedAttributes.Get(handle, CapabilityAttribute) is { } value
            ? Convert.ToHexStringLower(value)
            : null;
        var after = OpenFile.Status(handle);
        if (before.Size != after.Size || before.Modified != after.Modified || before.Changed != after.Changed)
        {
            throw PackFault.Changed($"{_name}/{PathText.Show(file.Path)}");
        }
    }

    SafeFileHandle OpenFileAt(string path)
    {
        var slash = path.LastIndexOf('/');
        using var folder = slash < 0 ? null : _top.OpenBeneath(path[..slash]);
        return (folder ?? _top).OpenRead(path[(slash + 1)..]);
    }

    void AddFiles(PackageBuilder builder)
    {
        foreach (var file in _files)
        {
            var capabilities = file.Capabilities;
            if (capabilities is not null && !_options.AllowsSetId)
            {
                Notes.Add($"{PathText.Show(file.Path)}: its capabilities are left out (--allow-set-id packs them)");
                capabilities = null;
            }

            builder.AddFile(file.Path, file.Root, file.Mode, capabilities: capabilities);
            _blobs.TryAdd(file.Root, file);
        }

        Notes.Sort(StringComparer.Ordinal);
    }
}
