using System.Collections.Concurrent;
using Pm.Blobs;
using Pm.Linux;
using Pm.Packages.Index;
using Pm.Repositories.Serving;
using Pm.Trust;
using Pm.Trust.OpenPgp;
using Pm.Trust.Tuf;

namespace Pm.Repositories;

/// <summary>One check of a whole repository.</summary>
sealed class RepositoryVerification : IDisposable
{
    readonly ConcurrentBag<RepositoryFinding> _findings = [];
    readonly string _path;
    readonly DateTimeOffset _now;
    readonly Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>, SignerDecision>? _judge;
    readonly CancellationToken _cancellation;
    readonly DirectoryHandle _served;
    readonly HashSet<string> _private = new(StringComparer.Ordinal);
    long _hashed;

    public RepositoryVerification(string path, DateTimeOffset now,
        Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>, SignerDecision>? judge, CancellationToken cancellation)
    {
        _path = path;
        _now = now;
        _judge = judge;
        _cancellation = cancellation;
        _served = DirectoryHandle.Open(Path.Join(path, RepositoryLayout.Served));
    }

    public VerificationResult Run()
    {
        if (MetadataVerification.Run(_served, _now) is { } fault)
        {
            _findings.Add(fault);
        }

        var state = LoadState();
        VerifyKeys(state);
        VerifyPrivate(state);
        if (state is null)
        {
            return Result(0, 0);
        }

        try
        {
            return Run(state);
        }
        catch (RepositoryException exception)
        {
            // A bin; where it is not damaged but missing or expired, a client said so already.
            Report(exception);
            return Result(0, 0);
        }
    }

    public void Dispose() => _served.Dispose();

    VerificationResult Run(RepositoryState state)
    {
        var packages = 0;
        foreach (var (target, file) in state.All())
        {
            _cancellation.ThrowIfCancellationRequested();
            new PackageVerification(_served, _judge, _findings.Add).Run(target, file, ref _hashed);
            packages++;
        }

        var blobs = VerifyBlobs(state);
        CopyVerification.Run(_path, _served, state, _findings.Add);
        VerifyNames(state);
        return Result(packages, blobs);
    }

    VerificationResult Result(int packages, int blobs) => new(packages, blobs, _hashed,
        [.. _findings.OrderBy(finding => finding.Path, StringComparer.Ordinal)]);

    RepositoryState? LoadState()
    {
        try
        {
            return RepositoryState.Load(_served);
        }
        catch (RepositoryException exception)
        {
            Report(exception);
            return null;
        }
    }

    void Report(RepositoryException exception)
    {
        if (_findings.IsEmpty)
        {
            _findings.Add(new RepositoryFinding(FindingKind.Metadata, RepositoryLayout.Served, exception.Message));
        }
    }

    int VerifyBlobs(RepositoryState state)
    {
        var blobs = new Dictionary<MerkleRoot, (long Size, long? CompressedSize)>();
        foreach (var (target, _) in state.All())
        {
            foreach (var (root, size, compressed) in ListedBlobs(target))
            {
                blobs[root] = (size, compressed ?? blobs.GetValueOrDefault(root).CompressedSize);
            }
        }

        using var directory = _served.TryOpenBeneath(RepositoryLayout.Blobs);
        var options = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = _cancellation };
        var verification = new BlobVerification(directory, _findings.Add);
        Parallel.ForEach(blobs, options, blob =>
            Interlocked.Add(ref _hashed, verification.Run(blob.Key, blob.Value.Size, blob.Value.CompressedSize)));
        return blobs.Count;
    }

    /// <summary>A damaged list was reported with its package.</summary>
    List<(MerkleRoot Root, long Size, long? CompressedSize)> ListedBlobs(PublishedTarget target)
    {
        try
        {
            return [.. ReferencedFiles.Blobs(_served, target)];
        }
        catch (RepositoryException)
        {
            return [];
        }
    }

    void VerifyNames(RepositoryState state)
    {
        HashSet<string> referenced;
        try
        {
            referenced = ReferencedFiles.Of(_served, state);
        }
        catch (RepositoryException)
        {
            return;
        }

        foreach (var (path, kind) in ServedFiles.Of(_served))
        {
            var isKnown = kind == FileKind.Directory || (kind == FileKind.Regular && referenced.Contains(path));
            if (!isKnown && !_private.Contains(path))
            {
                var isUnused = kind == FileKind.Regular && GarbageCollection.IsOwn(path);
                _findings.Add(new RepositoryFinding(isUnused ? FindingKind.Unused : FindingKind.Stray,
                    $"{RepositoryLayout.Served}/{ShownText.Of(path)}",
                    isUnused ? "nothing published needs it" : "it is not the repository's"));
            }
        }
    }

    /// <summary>What pmd refuses to serve (PM5203) any other server hands out.</summary>
    void VerifyPrivate(RepositoryState? state)
    {
        foreach (var path in PrivateKeys.All(_served))
        {
            _cancellation.ThrowIfCancellationRequested();
            _private.Add(path);
            var roles = state is null ? [] : RolesOf(path, state);
            _findings.Add(new RepositoryFinding(FindingKind.Exposed, $"{RepositoryLayout.Served}/{ShownText.Of(path)}",
                "a private key, and everything here is for everybody: remove it from here, and " + (roles.Count == 0
                    ? "replace the key that it is"
                    : $"give {string.Join(" and ", roles)} another: pm repo key {string.Join(' ', roles.Select(role => $"--rotate {role}"))} {_path}")));
        }
    }

    /// <summary>The roles that a file's keys sign for; of what is compressed or no role's that is not told.</summary>
    List<string> RolesOf(string path, RepositoryState state)
    {
        try
        {
            var (parent, name) = RepositoryLayout.Split(path);
            using var directory = parent.Length == 0 ? null : _served.OpenBeneath(parent);
            var keys = (directory ?? _served).TryReadFile(name, MetadataLimits.Any) is { } bytes
                ? KeyFile.Parse(bytes, name).Select(key => key.Public.Id).ToHashSet() : [];
            return [.. RoleKey.Roles.Where(role => (role == HashBins.Role ? state.BinKeys : state.Root.Roles[role])?.KeyIds.Any(keys.Contains) ?? false)];
        }
        catch (Exception exception) when (exception is TrustException or SystemCallException)
        {
            return [];
        }
    }

    void VerifyKeys(RepositoryState? state)
    {
        using var keys = DirectoryHandle.TryOpen(Path.Join(_path, RepositoryLayout.Keys));
        if (keys is null)
        {
            return;
        }

        VerifyModes(keys);
        var files = new RoleKeyFiles(keys, []);
        var damaged = RoleKey.Roles.Where(role => !IsReadable(files, role)).ToList();
        if (state is null || damaged.Count > 0 || LostKeys.Of(state, files).Count == 0)
        {
            return;
        }

        // Once more: while it was looked at somebody may have replaced them.
        state = LoadState() ?? state;
        if (LostKeys.Of(state, files) is { Count: > 0 } lost)
        {
            using var home = DirectoryHandle.Open(_path);
            var remedy = LostKeys.Remedy(home, state, files);
            foreach (var role in lost)
            {
                _findings.Add(new RepositoryFinding(
                    FindingKind.Missing, $"{RepositoryLayout.Keys}/{RepositoryLayout.Metadata(role)}", $"the key of {role}, which signs at every change: {remedy}"));
            }
        }
    }

    bool IsReadable(RoleKeyFiles files, string role)
    {
        try
        {
            _ = files.Find(role);
            return true;
        }
        catch (Exception exception) when (exception is RepositoryException or SystemCallException)
        {
            _findings.Add(new RepositoryFinding(FindingKind.Damaged, $"{RepositoryLayout.Keys}/{RepositoryLayout.Metadata(role)}", exception.Message));
            return false;
        }
    }

    void VerifyModes(DirectoryHandle keys)
    {
        const int OthersMode = 0x3f; // 0077
        var exposed = keys.Entries().Select(entry => (Path: $"{RepositoryLayout.Keys}/{entry.Name}", Status: keys.Status(entry.Name)))
            .Append((RepositoryLayout.Keys, keys.Status()))
            .Where(file => file.Status is { } status && (status.Mode & OthersMode) != 0);
        foreach (var (path, status) in exposed)
        {
            _findings.Add(new RepositoryFinding(FindingKind.Exposed, path,
                $"others may read it: expected mode 0{(status!.Value.IsDirectory ? "700" : "600")}, got 0{Convert.ToString(status.Value.Mode & 0xfff, 8)}"));
        }
    }
}
