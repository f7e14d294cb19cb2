using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Pm.Codecs;

/// <summary>A SHA-256 digest: 32 bytes, printed as 64 lower-case hexadecimal digits, parsed in either case.</summary>
public readonly struct Sha256Digest : IEquatable<Sha256Digest>, ISpanParsable<Sha256Digest>
{
    /// <summary>Size in bytes.</summary>
    public const int Size = 32;

    readonly Storage _bytes;

    /// <summary>Copies a digest from <paramref name="bytes"/>.</summary>
    /// <exception cref="ArgumentException"><paramref name="bytes"/> is not <see cref="Size"/> bytes long.</exception>
    public Sha256Digest(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
        {
            throw new ArgumentException($"a SHA-256 digest is {Size} bytes, got {bytes.Length}", nameof(bytes));
        }

        bytes.CopyTo(_bytes);
    }

    [UnscopedRef]
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>The digest of <paramref name="data"/>.</summary>
    public static Sha256Digest Of(ReadOnlySpan<byte> data)
    {
        var context = DigestContext.OfThread(DigestAlgorithm.Sha256);
        context.Restart();
        context.Append(data);
        return Finish(context);
    }

    /// <summary>The digest of what <paramref name="stream"/> yields until its end.</summary>
    public static Sha256Digest Of(Stream stream)
    {
        // Not the thread's context: a stream that verifies what it reads hashes with that one meanwhile.
        using var context = new DigestContext(DigestAlgorithm.Sha256);
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            for (int read; (read = stream.Read(buffer)) > 0;)
            {
                context.Append(buffer.AsSpan(0, read));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return Finish(context);
    }

    public bool Equals(Sha256Digest other) => Bytes.SequenceEqual(other.Bytes);

    public override bool Equals(object? obj) => obj is Sha256Digest other && Equals(other);

    public override int GetHashCode() => MemoryMarshal.Read<int>(Bytes);

    public override string ToString() => Convert.ToHexStringLower(Bytes);

    public static bool operator ==(Sha256Digest left, Sha256Digest right) => left.Equals(right);

    public static bool operator !=(Sha256Digest left, Sha256Digest right) => !left.Equals(right);

    public static Sha256Digest Parse(ReadOnlySpan<char> s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var digest) ? digest : throw new FormatException($"not a SHA-256 digest: '{s}'");

    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out Sha256Digest result)
    {
        Span<byte> bytes = stackalloc byte[Size];
        var ok = s.Length == 2 * Size
            && Convert.FromHexString(s, bytes, out _, out _) == OperationStatus.Done;
        result = ok ? new Sha256Digest(bytes) : default;
        return ok;
    }

    public static Sha256Digest Parse(string s, IFormatProvider? provider = null) => Parse(s.AsSpan(), provider);

    public static bool TryParse(string? s, IFormatProvider? provider, out Sha256Digest result) =>
        TryParse(s.AsSpan(), provider, out result);

    static Sha256Digest Finish(DigestContext context)
    {
        Span<byte> bytes = stackalloc byte[Size];
        context.Finish(bytes);
        return new Sha256Digest(bytes);
    }

    [InlineArray(Size)]
    struct Storage
    {
        byte _element;
    }
}
