using System.Diagnostics.CodeAnalysis;
using Pm.Codecs;

namespace Pm.Trust.Tuf;

/// <summary>
/// What a person compares and types to trust a repository for the first time: the SHA-256 of one of its root.json files,
/// byte for byte, as <c>sha256sum</c> prints it. Any version will do: later ones are reached through the signed chain.
/// </summary>
public readonly record struct RootFingerprint(Sha256Digest Digest)
{
    public static RootFingerprint Of(ReadOnlySpan<byte> rootJson) => new(Sha256Digest.Of(rootJson));

    /// <summary>Reads 64 hexadecimal digits in either case; blanks and colons between groups are allowed.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out RootFingerprint fingerprint)
    {
        const int LongestText = 4 * Sha256Digest.Size;
        fingerprint = default;
        if (text is null || text.Length > LongestText)
        {
            return false;
        }

        var digits = string.Concat(text.Where(letter => letter is not (' ' or ':')));
        var isDigest = Sha256Digest.TryParse(digits, null, out var digest);
        fingerprint = new RootFingerprint(digest);
        return isDigest;
    }

    public override string ToString() => Digest.ToString();
}
