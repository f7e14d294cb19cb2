using System.Buffers;
using Pm.Linux;

namespace Pm.Repositories.Serving;

/// <summary>What a path below <c>repository/</c> says of its file. Source: docs/formats/repository.md, docs/formats/http.md.</summary>
public static class ServedPath
{
    /// <summary>The end of the name of a file that holds another one compressed.</summary>
    public const string SiblingSuffix = ".zst";

    static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    const int MaximumLength = 1024;
    const int MaximumDepth = 8;
    const int Sha256Digits = 64;
    const int Sha512Digits = 128;

    /// <summary>Whether a file of this path may be served at all: see also <see cref="PrivateKeys"/>.</summary>
    public static bool IsServable(ReadOnlySpan<char> path)
    {
        if (path.Length is 0 or > MaximumLength || path.ContainsAnyInRange('\0', '\x1f') || path.Count('/') >= MaximumDepth)
        {
            return false;
        }

        foreach (var range in path.Split('/'))
        {
            // Names that begin with a dot are editors' and pm's own temporary files.
            if (path[range] is [] or ['.', ..] or { Length: > FileName.MaximumBytes })
            {
                return false;
            }
        }

        // They stand beside repository/; below it somebody copied them by mistake.
        return First(path) is not ("keys" or "staged" or "pmd");
    }

    /// <summary>Whether the name says the content: by a hash, or by a version that never changes.</summary>
    public static bool IsFixed(ReadOnlySpan<char> path)
    {
        path = WithoutSibling(path);
        var slash = path.IndexOf('/');
        if (slash < 0)
        {
            return path.EndsWith(".pkg") || IsVersionedMetadata(path);
        }

        var rest = path[(slash + 1)..];
        return path[..slash] switch
        {
            RepositoryLayout.Blobs => rest.Length == Sha256Digits && IsHex(rest),
            RepositoryLayout.Targets => IsTarget(rest),
            RepositoryLayout.Signatures => rest.Length > Sha256Digits && IsHex(rest[..Sha256Digits])
                && rest[Sha256Digits..] is $"/{RepositoryLayout.Manifest}" or $"/{RepositoryLayout.ManifestSignature}",
            _ => false,
        };
    }

    /// <summary>Whether it may have a sibling <c>.zst</c> that is given to who accepts it.</summary>
    public static bool MayHaveSibling(ReadOnlySpan<char> path) =>
        path.EndsWith(".json") || (First(path) is RepositoryLayout.Blobs && IsFixed(path) && !path.EndsWith(SiblingSuffix));

    /// <summary>Of the file itself; a sibling that stands for it has its type.</summary>
    public static string ContentType(ReadOnlySpan<char> path) =>
        path.EndsWith(".json") ? "application/json"
        : path.EndsWith(SiblingSuffix) ? "application/zstd"
        : path.EndsWith(".asc") || path.EndsWith(RepositoryLayout.Manifest) ? "text/plain; charset=utf-8"
        : "application/octet-stream";

    static ReadOnlySpan<char> First(ReadOnlySpan<char> path) => path.IndexOf('/') is var slash and >= 0 ? path[..slash] : path;

    static ReadOnlySpan<char> WithoutSibling(ReadOnlySpan<char> path) =>
        path.EndsWith(SiblingSuffix) ? path[..^SiblingSuffix.Length] : path;

    /// <summary><c>12.targets.json</c></summary>
    static bool IsVersionedMetadata(ReadOnlySpan<char> name)
    {
        var digits = name.IndexOfAnyExceptInRange('0', '9');
        return digits > 0 && name[digits] == '.' && name.EndsWith(".json") && name.Length > digits + ".json".Length;
    }

    /// <summary><c>NAME/SHA512.VERSION</c></summary>
    static bool IsTarget(ReadOnlySpan<char> rest)
    {
        var name = rest[(rest.LastIndexOf('/') + 1)..];
        return name.Length < rest.Length && name.Length > Sha512Digits && IsHex(name[..Sha512Digits]) && name[Sha512Digits] == '.';
    }

    static bool IsHex(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(HexDigits);
}
