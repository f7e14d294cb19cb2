using System.Security.Cryptography;
using Pm.Trust.Tuf;

namespace Pm.Simulation.Repositories;

/// <summary>An RSA key that signs with PSS.</summary>
public sealed class RsaSigner : ISigner, IDisposable
{
    readonly RSA _key;

    public RsaSigner(int bits = 2048)
    {
        _key = RSA.Create(bits);
        Public = TufKey.Of("rsa", "rsassa-pss-sha256", _key.ExportSubjectPublicKeyInfoPem());
    }

    public TufKey Public { get; }

    public byte[] Sign(ReadOnlySpan<byte> message) => _key.SignData(message, HashAlgorithmName.SHA256, RSASignaturePadding.Pss);

    public void Dispose() => _key.Dispose();
}
