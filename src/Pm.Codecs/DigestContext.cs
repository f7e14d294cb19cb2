using Pm.Codecs.Native;

namespace Pm.Codecs;

/// <summary>One digest computation after another in one reused libcrypto context. Not for two threads at once.</summary>
/// <remarks>
/// Restarting a context is some ten times cheaper than making one, which shows where the input is many 8 KiB blocks.
/// A new context is ready for <see cref="Append"/>; after <see cref="Finish"/> call <see cref="Restart"/> first.
/// </remarks>
public sealed unsafe class DigestContext : IDisposable
{
    [ThreadStatic]
    static DigestContext? _sha1;

    [ThreadStatic]
    static DigestContext? _sha256;

    [ThreadStatic]
    static DigestContext? _sha512;

    readonly DigestContextHandle _handle;
    nint _context;

    /// <summary>A context of its own, for a computation that other code may interrupt.</summary>
    /// <exception cref="CodecException">libcrypto is not installed or refuses the algorithm.</exception>
    public DigestContext(DigestAlgorithm algorithm)
    {
        DigestSize = algorithm switch { DigestAlgorithm.Sha1 => 20, DigestAlgorithm.Sha512 => 64, _ => 32 };
        var digest = LibCrypto.Digest(algorithm);
        _handle = DigestContextHandle.Create();
        _context = _handle.DangerousGetHandle();
        Check(LibCrypto.EVP_DigestInit_ex2(_context, digest, 0), "EVP_DigestInit_ex2");
    }

    /// <summary>In bytes: 20, 32 or 64.</summary>
    public int DigestSize { get; }

    /// <summary>The calling thread's context. Never dispose it, and call no foreign code (a stream's Read, say)
    /// between <see cref="Restart"/> and <see cref="Finish"/>: that code may use the same context.</summary>
    public static DigestContext OfThread(DigestAlgorithm algorithm) => algorithm switch
    {
        DigestAlgorithm.Sha1 => _sha1 ??= new DigestContext(algorithm),
        DigestAlgorithm.Sha256 => _sha256 ??= new DigestContext(algorithm),
        _ => _sha512 ??= new DigestContext(algorithm),
    };

    /// <summary>Forgets what was appended and begins anew.</summary>
    public void Restart() => Check(LibCrypto.EVP_DigestInit_ex2(Context(), 0, 0), "EVP_DigestInit_ex2");

    public void Append(ReadOnlySpan<byte> data)
    {
        fixed (byte* bytes = data)
        {
            Check(LibCrypto.EVP_DigestUpdate(Context(), bytes, (nuint)data.Length), "EVP_DigestUpdate");
        }
    }

    /// <summary>Writes the digest into the first <see cref="DigestSize"/> bytes of <paramref name="digest"/>.</summary>
    /// <exception cref="ArgumentException"><paramref name="digest"/> is too short.</exception>
    public void Finish(Span<byte> digest)
    {
        if (digest.Length < DigestSize)
        {
            throw new ArgumentException($"a digest needs {DigestSize} bytes, got {digest.Length}", nameof(digest));
        }

        fixed (byte* bytes = digest)
        {
            Check(LibCrypto.EVP_DigestFinal_ex(Context(), bytes, null), "EVP_DigestFinal_ex");
        }
    }

    public void Dispose()
    {
        _context = 0;
        _handle.Dispose();
    }

    nint Context()
    {
        ObjectDisposedException.ThrowIf(_context == 0, this);
        return _context;
    }

    void Check(int result, string call)
    {
        if (result != 1)
        {
            throw LibCrypto.Failure(call);
        }

        // The pointer alone does not keep the handle from being finalized during the call.
        GC.KeepAlive(_handle);
    }
}
