using System.Security.Cryptography;
using Pm.Trust.Tuf;

namespace Pm.Simulation.Repositories;

/// <summary>An ECDSA key over P-256, in either type and either form that roots have.</summary>
public sealed class EcdsaSigner : ISigner, IDisposable
{
    readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <param name="type">As <c>keytype</c> has it.</param>
    /// <param name="isHex">Whether the key is written as a point in hexadecimal, else in PEM.</param>
    public EcdsaSigner(string type = "ecdsa", bool isHex = false) =>
        Public = TufKey.Of(type, "ecdsa-sha2-nistp256", isHex ? PointHex : Pem);

    public TufKey Public { get; }

    public string Pem => _key.ExportSubjectPublicKeyInfoPem();

    public string PointHex
    {
        get
        {
            var point = _key.ExportParameters(includePrivateParameters: false).Q;
            return $"04{Convert.ToHexStringLower(point.X!)}{Convert.ToHexStringLower(point.Y!)}";
        }
    }

    public byte[] Sign(ReadOnlySpan<byte> message) =>
        _key.SignData(message.ToArray(), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

    public void Dispose() => _key.Dispose();
}
