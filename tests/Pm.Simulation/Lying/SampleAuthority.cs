using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Pm.Simulation.Lying;

/// <summary>An authority of a test's own, and the certificates that it signs.</summary>
public sealed class SampleAuthority : IDisposable
{
    readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    readonly X509Certificate2 _certificate;
    readonly DateTimeOffset _now;

    /// <param name="now">In the middle of the authority's life.</param>
    public SampleAuthority(DateTimeOffset now)
    {
        _now = now;
        var request = new CertificateRequest("CN=Sample Authority", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        _certificate = request.CreateSelfSigned(now.AddYears(-5), now.AddYears(5));
    }

    /// <summary>What <c>--ca-file</c> takes.</summary>
    public string Pem => _certificate.ExportCertificatePem();

    /// <summary>A server's certificate with its key.</summary>
    /// <param name="host">A name or an address.</param>
    /// <param name="from">Days from now.</param>
    /// <param name="to">Days from now.</param>
    /// <param name="isSelfSigned">Signed by itself in place of the authority.</param>
    public X509Certificate2 Issue(string host, int from = -1, int to = 1, bool isSelfSigned = false)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(host, out var address))
        {
            names.AddIpAddress(address);
        }
        else
        {
            names.AddDnsName(host);
        }

        request.CertificateExtensions.Add(names.Build());
        if (isSelfSigned)
        {
            return request.CreateSelfSigned(_now.AddDays(from), _now.AddDays(to));
        }

        using var signed = request.Create(_certificate, _now.AddDays(from), _now.AddDays(to), RandomNumberGenerator.GetBytes(8));
        return signed.CopyWithPrivateKey(key);
    }

    public void Dispose()
    {
        _certificate.Dispose();
        _key.Dispose();
    }
}
