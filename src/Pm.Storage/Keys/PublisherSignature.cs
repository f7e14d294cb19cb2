using Pm.Trust.OpenPgp;

namespace Pm.Storage.Keys;

/// <summary>Whether a package is accepted because of the signature that came with it.</summary>
public static class PublisherSignature
{
    /// <param name="files">Null: the package is not signed.</param>
    /// <exception cref="StoreException">PM4030: no gpgv; PM4034: it crashed.</exception>
    public static SignerDecision Decide(
        Keyring keyring, OpenPgpProgram program, SignatureFiles? files, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(keyring);
        ArgumentNullException.ThrowIfNull(program);
        SignatureCheck check = files is null
            ? new SignatureCheck.Missing()
            : program.Verify(keyring, files.Manifest, files.Signature, cancellation);
        return SignerPolicy.Decide(check, keyring.Keys);
    }
}
