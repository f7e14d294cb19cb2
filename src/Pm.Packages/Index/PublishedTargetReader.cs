using System.Collections.Immutable;
using System.Text.Json;
using Pm.Blobs;
using Pm.Codecs;

namespace Pm.Packages.Index;

/// <summary>Reads <c>custom</c> of a target. What is signed may still be wrong, so every value is checked.</summary>
sealed class PublishedTargetReader(string targetPath, JsonElement custom)
{
    /// <summary>The end of the year 9999.</summary>
    const long LatestSecond = 253_402_300_799;

    public PublishedTarget Read()
    {
        if (custom.ValueKind != JsonValueKind.Object)
        {
            throw Fault("custom", "expected an object");
        }

        var pkg = Find(custom, "pkg");
        return new PublishedTarget(Package(pkg))
        {
            MetaSizeInBytes = Size(custom, "size"),
            BlobList = Find(custom, "blobs") is not { } blobs ? null
                : (Root(blobs, "merkle") ?? throw Fault("blobs.merkle", "it is missing"),
                    Size(blobs, "size") ?? throw Fault("blobs.size", "it is missing")),
            BlobListCompressedSize = Find(custom, "blobs") is { } list ? Size(list, "compressed") : null,
            PkgDigest = pkg is not { } file ? null
                : Sha256Digest.TryParse(Text(file, "sha256"), null, out var digest) ? digest
                : throw Fault("pkg.sha256", "expected 64 hexadecimal digits"),
        };
    }

    AvailablePackage Package(JsonElement? pkg) => new(Identity())
    {
        Hash = Root(custom, "merkle") ?? (pkg is null ? throw Fault("merkle", "it is missing") : null),
        Description = Line("description") ?? "",
        Title = Line("title"),
        Namespace = Line("namespace"),
        SizeInBytes = Size(custom, "installed_size"),
        DownloadSize = pkg is not { } file ? null : Size(file, "size") ?? throw Fault("pkg.size", "it is missing"),
        Dependencies = [.. Texts("deps").Select(text => Dependency.TryParse(text, out var dependency)
            ? dependency : throw Fault("deps", $"{Shown.Quote(text)} is not a dependency"))],
        Requires = Requires(),
        Provides = [.. Texts("provides").Select(Shown.Line)],
        Signer = Signer(),
        Published = Published(),
        SameAs = Text(custom, "same_as") is not { } same ? null
            : PackageVersion.TryParse(same, out var version) ? version : throw Fault("same_as", "expected a version"),
        IsYanked = IsYanked,

        // Of what is not withdrawn there is no reason, and none is written.
        YankReason = IsYanked ? Line("yank_reason") : null,
    };

    bool IsYanked => Find(custom, "yanked") is { ValueKind: JsonValueKind.True };

    PackageId Identity()
    {
        var slash = targetPath.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && PackageName.TryFromFileText(targetPath[..slash], out var name)
            && PackageVersion.TryParse(targetPath[(slash + 1)..], out var version)
            ? new PackageId(name, version)
            : throw new PackageFormatException("PM2017", $"target {Shown.Quote(targetPath)}: expected name/version");
    }

    ImmutableSortedDictionary<PackageName, string> Requires()
    {
        if (Find(custom, "requires") is not { } requires)
        {
            return ImmutableSortedDictionary<PackageName, string>.Empty;
        }

        if (requires.ValueKind != JsonValueKind.Object)
        {
            throw Fault("requires", "expected an object");
        }

        var result = ImmutableSortedDictionary.CreateBuilder<PackageName, string>();
        foreach (var member in requires.EnumerateObject())
        {
            result[PackageName.TryParse(member.Name, out var name) ? name : throw Fault("requires", "expected package names")] =
                member.Value.ValueKind == JsonValueKind.String
                    ? Shown.Line(member.Value.GetString()!) : throw Fault("requires", "expected text");
        }

        return result.ToImmutable();
    }

    string? Signer() => Text(custom, "signer") is not { } text ? null
        : text.Length == 40 && text.All(char.IsAsciiHexDigit) ? text.ToUpperInvariant()
        : throw Fault("signer", "expected the 40 digits of a fingerprint");

    DateTimeOffset? Published() => Find(custom, "published") is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var seconds) && seconds is >= 0 and <= LatestSecond
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : throw Fault("published", "expected seconds since 1970");

    MerkleRoot? Root(JsonElement of, string member) => Text(of, member) is not { } text ? null
        : MerkleRoot.TryParse(text, null, out var root) ? root
        : throw Fault(member, "expected 64 hexadecimal digits");

    long? Size(JsonElement of, string member) => Find(of, member) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number is >= 0 and <= JsonText.MaximumBytes ? number
        : throw Fault(member, $"expected a whole number from 0 to {JsonText.MaximumBytes}");

    string? Line(string member) => Text(custom, member) is { } text ? Shown.Line(text) : null;

    string? Text(JsonElement of, string member) => Find(of, member) is not { } value ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : throw Fault(member, "expected text");

    IEnumerable<string> Texts(string member)
    {
        if (Find(custom, member) is not { } value)
        {
            return [];
        }

        return value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String)
            ? value.EnumerateArray().Select(item => item.GetString()!)
            : throw Fault(member, "expected a list of texts");
    }

    JsonElement? Find(JsonElement of, string member) => of.ValueKind != JsonValueKind.Object
        ? throw Fault(member, "expected it in an object")
        : of.TryGetProperty(member, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    PackageFormatException Fault(string member, string message) =>
        new("PM2017", $"{Shown.Quote(targetPath)}: {member}: {message}", "targets.json");
}
