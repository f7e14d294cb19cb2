namespace Pm.Codecs.Native;

/// <summary>Checks signatures through EVP. Source: EVP_DigestVerifyInit(3).</summary>
static unsafe class SignatureVerification
{
    /// <summary>Prepares the context of the key for a scheme that needs it; false where it cannot.</summary>
    internal delegate bool Preparation(nint keyContext);

    /// <param name="key">Whose signature it should be.</param>
    /// <param name="digest">What the message is hashed with; 0 where the scheme says it.</param>
    /// <param name="message">What was signed.</param>
    /// <param name="signature">As the scheme has it.</param>
    /// <param name="prepare">Sets what else the scheme needs.</param>
    internal static bool Run(
        KeyHandle key, nint digest, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature, Preparation? prepare = null)
    {
        using var context = DigestContextHandle.Create();
        nint keyContext = 0;
        if (LibCrypto.EVP_DigestVerifyInit(context.DangerousGetHandle(), &keyContext, digest, 0, key.DangerousGetHandle()) != 1)
        {
            throw LibCrypto.Failure("EVP_DigestVerifyInit");
        }

        fixed (byte* input = signature, data = message)
        {
            var isGood = (prepare is null || prepare(keyContext)) && LibCrypto.EVP_DigestVerify(
                context.DangerousGetHandle(), NotNull(input), (nuint)signature.Length, NotNull(data), (nuint)message.Length) == 1;
            if (!isGood)
            {
                // Anything but 1 is a refusal; the reason must not stay behind for the next caller on this thread.
                LibCrypto.ERR_clear_error();
            }

            return isGood;
        }
    }

    /// <summary>An empty span pins to null, which EVP takes for "tell me the length".</summary>
    internal static byte* NotNull(byte* data) => data == null ? (byte*)1 : data;
}
