using System.Collections.Immutable;
using Pm.Blobs;
using Pm.Codecs;
using Pm.Packages.Index;

namespace Pm.Packages.Tests.Index;

/// <summary>Packages whose names and words are of few letters, so that they meet.</summary>
sealed class RandomPackages(int seed)
{
    static readonly string[] Letters = ["a", "b", "c", "-", "A", "é", "É", "ß", "漢", "😀", " ", "İ"];

    readonly Random _random = new(seed);

    public int Next(int limit) => _random.Next(limit);

    public string Name()
    {
        var name = string.Concat(Enumerable.Range(0, 1 + _random.Next(5)).Select(_ => (char)('a' + _random.Next(3))));
        return _random.Next(4) switch
        {
            0 => $"{(char)('a' + _random.Next(3))}/{name}",
            1 => $"{name}-{_random.Next(3)}",
            _ => name,
        };
    }

    public string Text(int longest) => string.Concat(Enumerable.Range(0, _random.Next(longest)).Select(_ => Letters[_random.Next(Letters.Length)]));

    public string Version() => _random.Next(4) switch
    {
        0 => $"{_random.Next(3)}.0.0-rc.{_random.Next(2)}",
        1 => $"{_random.Next(3)}.{_random.Next(2)}",
        _ => $"{_random.Next(3)}.{_random.Next(3)}.{_random.Next(3)}",
    };

    /// <summary>Different packages, in the order of a document.</summary>
    public AvailableDocument Document(int most) => AvailableDocument.Of(
        Enumerable.Range(0, _random.Next(most)).Select(_ => Package()).DistinctBy(p => p.Id));

    public AvailablePackage Package() => new(PackageId.Parse($"{Name()}@{Version()}"))
    {
        Hash = Maybe() ? Root() : null,
        Description = Text(12),
        Title = Maybe() ? Text(6) : null,
        Namespace = Maybe() ? Text(6) : null,
        SizeInBytes = Maybe() ? _random.NextInt64() : null,
        DownloadSize = Maybe() ? _random.Next(200) : null,
        Dependencies = [.. Enumerable.Range(0, _random.Next(3)).Select(_ => Dependency.Parse(Maybe() ? Name() : $"{Name()}@{Version()}"))],
        Requires = Enumerable.Range(0, _random.Next(3)).Select(_ => Name()).Distinct()
            .ToImmutableSortedDictionary(PackageName.Parse, _ => Text(4)),
        Provides = [.. Enumerable.Range(0, _random.Next(3)).Select(_ => Maybe() ? Name() : Text(5))],
        IsYanked = _random.Next(4) == 0,
        YankReason = Maybe() ? Text(5) : null,
        Published = Maybe() ? DateTimeOffset.FromUnixTimeSeconds(_random.NextInt64(DateTimeOffset.MaxValue.ToUnixTimeSeconds())) : null,
        SameAs = Maybe() ? PackageVersion.Parse(Version()) : null,
        Signer = Maybe() ? "FF324CE8E0FD31D8936917F9E3FDA54B8AE52F7C" : null,
    };

    public IndexedPackage Indexed(AvailablePackage package) => new(new PublishedTarget(package)
    {
        MetaSizeInBytes = Maybe() ? _random.Next() : null,
        BlobList = Maybe() ? (Root(), _random.NextInt64()) : null,
        BlobListCompressedSize = Maybe() ? _random.Next() : null,
        PkgDigest = Maybe() ? Sha256Digest.Of(Bytes()) : null,
    })
    {
        File = Maybe() ? new FileIdentity(_random.Next(), Maybe() ? Sha256Digest.Of(Bytes()).ToString() : null, Maybe() ? new string('a', 128) : null) : null,
    };

    bool Maybe() => _random.Next(2) == 0;

    byte[] Bytes()
    {
        var bytes = new byte[8];
        _random.NextBytes(bytes);
        return bytes;
    }

    MerkleRoot Root() => MerkleRoot.Of(Bytes());
}
