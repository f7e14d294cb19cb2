using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Pm.Codecs;

namespace Pm.Trust.Tuf;

/// <summary>Holds a file that comes piece by piece against what signed metadata says of it (TUF 5.7.3): the length first, then every digest that is known.</summary>
public sealed class TargetCheck : IDisposable
{
    readonly TargetFile _expected;
    readonly DigestContext? _sha256;
    readonly DigestContext? _sha512;
    long _length;

    public TargetCheck(TargetFile expected)
    {
        ArgumentNullException.ThrowIfNull(expected);
        _expected = expected;
        _sha256 = expected.Hashes.Sha256 is null ? null : new DigestContext(DigestAlgorithm.Sha256);
        _sha512 = expected.Hashes.Sha512 is null ? null : new DigestContext(DigestAlgorithm.Sha512);
        _sha256?.Restart();
        _sha512?.Restart();
    }

    /// <summary>Takes the next piece.</summary>
    public void Append(ReadOnlySpan<byte> piece)
    {
        _length += piece.Length;
        _sha256?.Append(piece);
        _sha512?.Append(piece);
    }

    /// <summary>Whether all that came is the file. Once only.</summary>
    /// <param name="difference">What was expected, and what came.</param>
    public bool Matches([NotNullWhen(false)] out string? difference)
    {
        difference = _length != _expected.Length
            ? string.Create(CultureInfo.InvariantCulture, $"expected {_expected.Length} bytes, got {_length}")
            : Difference("sha256", _sha256, _expected.Hashes.Sha256) ?? Difference("sha512", _sha512, _expected.Hashes.Sha512);
        return difference is null;
    }

    public void Dispose()
    {
        _sha256?.Dispose();
        _sha512?.Dispose();
    }

    static string? Difference(string name, DigestContext? context, string? expected)
    {
        if (context is null)
        {
            return null;
        }

        Span<byte> digest = stackalloc byte[context.DigestSize];
        context.Finish(digest);
        var actual = Convert.ToHexStringLower(digest);
        return actual == expected ? null : $"expected {name} {expected}, got {actual}";
    }
}
