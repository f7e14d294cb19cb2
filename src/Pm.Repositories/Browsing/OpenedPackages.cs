using Pm.Blobs;
using Pm.Packages;
using Pm.Packages.Index;
using Pm.Repositories.Serving;

namespace Pm.Repositories.Browsing;

/// <summary>
/// The packages that were looked into lately. A package never changes, so one that was read stays good; memory is bounded
/// by the bytes of what is kept, and only one is read at a time.
/// </summary>
/// <param name="maximumTogether">Of all that are kept, in bytes of their meta.far.</param>
public sealed class OpenedPackages(int maximumTogether = OpenedPackages.MaximumTogether)
{
    /// <summary>Of a meta.far, in bytes: that of a package of some 50,000 files. Larger ones are not looked into.</summary>
    public const int MaximumSize = 8 * 1024 * 1024;

    /// <summary>Of all that are kept, unless said otherwise.</summary>
    public const int MaximumTogether = 16 * 1024 * 1024;

    readonly Lock _gate = new();
    readonly Dictionary<MerkleRoot, LinkedListNode<Package>> _byHash = [];
    readonly LinkedList<Package> _lastUsedFirst = new();
    int _size;

    /// <summary>What is in a published package; null: it travels as its <c>.pkg</c> alone, is too large, or its file is not whole.</summary>
    public Package? Open(ServedRepository repository, PublishedTarget target)
    {
        ArgumentNullException.ThrowIfNull(repository);
        ArgumentNullException.ThrowIfNull(target);
        if (target.Package.Hash is not { } hash || target.MetaSizeInBytes is not (> 0 and <= MaximumSize and var size))
        {
            return null;
        }

        lock (_gate)
        {
            if (_byHash.TryGetValue(hash, out var node))
            {
                _lastUsedFirst.Remove(node);
                _lastUsedFirst.AddFirst(node);
                return node.Value;
            }

            var package = Read(repository, hash, (int)size);
            if (package is not null)
            {
                Keep(package);
            }

            return package;
        }
    }

    static Package? Read(ServedRepository repository, MerkleRoot hash, int size)
    {
        using var file = repository.Files.Find($"{RepositoryLayout.Blobs}/{hash}");
        if (file is null || file.Length != size)
        {
            return null;
        }

        var bytes = new byte[size];
        var done = 0;
        for (int read; done < size && (read = file.Read(bytes.AsSpan(done), done)) > 0;)
        {
            done += read;
        }

        try
        {
            return done == size ? Package.Open(bytes, hash) : null;
        }
        catch (PackageFormatException)
        {
            // Edited by hand since it was published: `pm repo verify` says so, and a client refuses it.
            return null;
        }
    }

    void Keep(Package package)
    {
        _byHash.Add(package.Hash, _lastUsedFirst.AddFirst(package));
        _size += package.MetaFar.Length;
        while (_size > maximumTogether && _lastUsedFirst.Last is { } oldest)
        {
            _lastUsedFirst.RemoveLast();
            _byHash.Remove(oldest.Value.Hash);
            _size -= oldest.Value.MetaFar.Length;
        }
    }
}
