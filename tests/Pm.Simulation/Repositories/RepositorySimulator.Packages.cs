using System.Buffers;
using System.Text.Json;
using Pm.Codecs;
using Pm.Packages;
using Pm.Packages.Index;
using Pm.Trust.Tuf;

namespace Pm.Simulation.Repositories;

/// <content>Packages, with all the files that a repository in a directory would have for them.</content>
public sealed partial class RepositorySimulator
{
    readonly Dictionary<PackageId, AvailablePackage> _available = [];

    /// <summary>Whose packages are signed, as the targets say.</summary>
    public SimulatedPublisher? Publisher { get; init; }

    /// <summary>Adds packages and publishes.</summary>
    public void Publish(params SimulatedPackage[] packages)
    {
        foreach (var package in packages)
        {
            Add(package);
        }

        Publish();
    }

    /// <summary>Adds a package and publishes it, and says of it what a repository may say that lies.</summary>
    public void Publish(SimulatedPackage package, Func<AvailablePackage, AvailablePackage>? say)
    {
        Add(package, say);
        Publish();
    }

    /// <summary>What is served now; <see cref="Restore"/> goes back to it, as a mirror does that stands still.</summary>
    public IReadOnlyDictionary<string, byte[]> Save() => new Dictionary<string, byte[]>(Files);

    public void Restore(IReadOnlyDictionary<string, byte[]> saved)
    {
        Files.Clear();
        foreach (var (path, bytes) in saved)
        {
            Files.Add(path, bytes);
        }
    }

    /// <summary>New keys for a role; the root says so.</summary>
    public void Rotate(string role)
    {
        Keys[role] = [NewKey()];
        PublishRoot();
    }

    /// <summary>Cuts a file off after so many bytes.</summary>
    public void Truncate(string path, int length) => Files[path] = Files[path][..length];

    /// <summary>Changes one bit of a file.</summary>
    public void Damage(string path)
    {
        var bytes = Files[path].ToArray();
        bytes[bytes.Length / 2] ^= 1;
        Files[path] = bytes;
    }

    /// <summary>Names and bytes of the files whose name ends so.</summary>
    public IEnumerable<string> Find(string ending) => Files.Keys.Where(path => path.EndsWith(ending, StringComparison.Ordinal));

    void Add(SimulatedPackage package, Func<AvailablePackage, AvailablePackage>? say = null)
    {
        var list = BlobList(package).ToBytes();
        var root = package.Blobs.Add(list);
        foreach (var blob in package.Blobs.Roots)
        {
            Files[$"blobs/{blob}"] = package.Blobs[blob].ToArray();
        }

        var described = new AvailablePackage(package.Id)
        {
            Hash = package.Package.Hash,
            Description = package.Package.Description!.Description,
            SizeInBytes = package.Package.Contents.Entries.Sum(e => package.Blobs[e.Root].Length),
            DownloadSize = package.Pkg.Length,
            Dependencies = package.Package.Description.Dependencies,
            Signer = package.Signature is null ? null : Publisher?.Fingerprint,
        };
        var target = new PublishedTarget(say?.Invoke(described) ?? described)
        {
            MetaSizeInBytes = package.Package.MetaFar.Length,
            BlobList = (root, list.Length),
            PkgDigest = Sha256Digest.Of(package.Pkg),
        };
        var far = package.Package.MetaFar.ToArray();
        var file = new TargetFile(far.Length, FileHashes.OfSha512(far), Custom(target));
        Targets[target.TargetPath] = file;
        Files[$"targets/{file.ConsistentPath(target.TargetPath)}"] = far;
        Files[target.PkgName] = package.Pkg;
        if (package is { Manifest: { } manifest, Signature: { } signature })
        {
            Files[$"signatures/{package.Package.Hash}/manifest.sha256"] = manifest;
            Files[$"signatures/{package.Package.Hash}/manifest.sha256.asc"] = signature;
        }

        _available[target.Package.Id] = target.Package;
        Files["available.json"] = AvailableDocument.Of(_available.Values).ToBytes();
    }

    static BlobsDocument BlobList(SimulatedPackage package) => new(
    [
        new BlobRecord(BlobsDocument.MetaPath, package.Package.Hash, package.Package.MetaFar.Length),
        .. package.Package.Contents.Entries.Select(e => new BlobRecord(e.Path, e.Root, package.Blobs[e.Root].Length)),
    ]);

    static JsonElement Custom(PublishedTarget target)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            target.WriteTo(json);
        }

        return JsonElement.Parse(buffer.WrittenSpan);
    }
}
