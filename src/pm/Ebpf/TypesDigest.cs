using Pm.Codecs;

namespace Pm.Cli.Ebpf;

/// <summary>What a description of a kernel calls the kernel's types by: SHA-256 of them.</summary>
static class TypesDigest
{
    /// <exception cref="CodecException">PM8005: this machine has no libcrypto.</exception>
    internal static string Of(ReadOnlySpan<byte> types) => Sha256Digest.Of(types).ToString();

    /// <summary>Null without libcrypto: what a kernel can do is asked for on machines that have nothing yet.</summary>
    internal static string? TryOf(byte[] types)
    {
        try
        {
            return Of(types);
        }
        catch (CodecException)
        {
            return null;
        }
    }
}
