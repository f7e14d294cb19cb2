using Pm.Linux;
using Pm.Trust.OpenPgp;

namespace Pm.Storage.Keys;

/// <content>Checking signatures.</content>
public sealed partial class OpenPgpProgram
{
    /// <summary>In bytes. A signature of today has 300, one by a key of 16384 bits 3000.</summary>
    const int MaximumSignatureSize = 64 * 1024;

    /// <summary>Checks a detached signature, armoured or binary, against all keys of a ring.</summary>
    /// <param name="signature">Null: there is none.</param>
    /// <returns>What was found out; whether the signer is trusted is <see cref="SignerPolicy"/>'s to say.</returns>
    /// <exception cref="StoreException">PM4030: no gpgv; PM4034: it crashed.</exception>
    public SignatureCheck Verify(
        Keyring keyring, ReadOnlyMemory<byte> content, ReadOnlyMemory<byte>? signature, CancellationToken cancellation = default) =>
        Verify(keyring, signature, o => o with { Input = content, Timeout = Longest }, cancellation);

    /// <inheritdoc cref="Verify(Keyring, ReadOnlyMemory{byte}, ReadOnlyMemory{byte}?, CancellationToken)"/>
    public SignatureCheck Verify(
        Keyring keyring, Stream content, ReadOnlyMemory<byte>? signature, CancellationToken cancellation = default) =>
        Verify(keyring, signature, o => o with { InputStream = content }, cancellation);

    SignatureCheck Verify(
        Keyring keyring, ReadOnlyMemory<byte>? signature, Func<ChildOptions, ChildOptions> feed, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(keyring);
        if (signature is not { } given)
        {
            return new SignatureCheck.Missing();
        }
        if (given.Length is 0 or > MaximumSignatureSize)
        {
            return new SignatureCheck.Malformed($"expected 1 to {MaximumSignatureSize} bytes, got {given.Length}");
        }
        using var directory = MakeDirectory();
        var options = Options("gpgv",
        [
            "--homedir", directory.Path,
            "--keyring", directory.Write("ring.gpg", keyring.Concatenate()),
            "--status-fd", "1",
            "--", directory.Write("signature", given.Span), "-",
        ]);
        var result = ChildProcess.Run(feed(options), cancellation);
        // Ended in the midst of a report, it could have left the line out that matters.
        return result.ExitCode is null || result.HasTimedOut
            ? throw Failed("the signature could not be checked", result)
            : GpgStatus.Parse(result.OutputText);
    }
}
