using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Pm.Codecs;

namespace Pm.Trust.Tuf;

/// <summary>The digests that metadata lists for a file: algorithm → lower-case hexadecimal text.</summary>
/// <remarks>Unknown algorithms are kept and ignored; at least one known one must be there, or nothing would be checked.</remarks>
public sealed class FileHashes
{
    readonly SortedDictionary<string, string> _digests = new(StringComparer.Ordinal);

    FileHashes()
    {
    }

    public string? Sha256 => _digests.GetValueOrDefault("sha256");

    public string? Sha512 => _digests.GetValueOrDefault("sha512");

    /// <summary>Both digests of <paramref name="content"/>.</summary>
    public static FileHashes Of(ReadOnlySpan<byte> content) => new()
    {
        _digests =
        {
            ["sha256"] = Digest(DigestAlgorithm.Sha256, content),
            ["sha512"] = Digest(DigestAlgorithm.Sha512, content),
        },
    };

    /// <summary>Only the digest that go-tuf writes.</summary>
    public static FileHashes OfSha512(ReadOnlySpan<byte> content) => new()
    {
        _digests = { ["sha512"] = Digest(DigestAlgorithm.Sha512, content) },
    };

    /// <summary>A digest that was computed while the file was copied.</summary>
    public static FileHashes OfSha256(Sha256Digest digest) => new() { _digests = { ["sha256"] = digest.ToString() } };

    /// <summary>Digests that were read before, in hexadecimal.</summary>
    public static FileHashes Of(string? sha256, string? sha512)
    {
        var hashes = new FileHashes();
        foreach (var (algorithm, digest) in ((string, string?)[])[("sha256", sha256), ("sha512", sha512)])
        {
            if (digest is not null)
            {
                hashes._digests[algorithm] = digest;
            }
        }

        return hashes;
    }

    /// <exception cref="MetadataException">No known algorithm, or a digest of the wrong form.</exception>
    public static FileHashes Parse(JsonFields fields)
    {
        var hashes = new FileHashes();
        foreach (var (algorithm, value) in fields.Members)
        {
            var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
            var size = algorithm switch { "sha256" => 64, "sha512" => 128, _ => 0 };
            if (size != 0 && (text.Length != size || !text.All(char.IsAsciiHexDigit)))
            {
                throw new MetadataException($"{fields.Where}.{algorithm}: expected {size} hexadecimal digits");
            }

            hashes._digests[algorithm] = text.ToLowerInvariant();
        }

        return hashes.Sha256 is not null || hashes.Sha512 is not null
            ? hashes
            : throw new MetadataException($"{fields.Where}: neither sha256 nor sha512 is listed, so nothing can be checked");
    }

    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        foreach (var (algorithm, digest) in _digests)
        {
            writer.WriteString(algorithm, digest);
        }

        writer.WriteEndObject();
    }

    /// <summary>Checks every known digest.</summary>
    /// <returns>False with the first digest that differs.</returns>
    public bool Match(ReadOnlySpan<byte> content, [NotNullWhen(false)] out string? difference)
    {
        difference = Difference("sha256", DigestAlgorithm.Sha256, content)
            ?? Difference("sha512", DigestAlgorithm.Sha512, content);
        return difference is null;
    }

    string? Difference(string name, DigestAlgorithm algorithm, ReadOnlySpan<byte> content)
    {
        if (!_digests.TryGetValue(name, out var expected))
        {
            return null;
        }

        var actual = Digest(algorithm, content);
        return actual == expected ? null : $"expected {name} {expected}, got {actual}";
    }

    internal static string Digest(DigestAlgorithm algorithm, ReadOnlySpan<byte> content)
    {
        Span<byte> digest = stackalloc byte[64];
        var context = DigestContext.OfThread(algorithm);
        context.Restart();
        context.Append(content);
        context.Finish(digest);
        return Convert.ToHexStringLower(digest[..context.DigestSize]);
    }
}
