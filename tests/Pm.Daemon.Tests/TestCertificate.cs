using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Pm.Daemon.Settings;

namespace Pm.Daemon.Tests;

/// <summary>A certificate that nobody vouches for.</summary>
static class TestCertificate
{
    public static DaemonSettings Add(DaemonSettings settings, Server server, string name = "test")
    {
        Write(server.Path, name);
        return settings with { TlsCertificate = Path.Join(server.Path, "tls.crt"), TlsKey = Path.Join(server.Path, "tls.key") };
    }

    public static void Write(string directory, string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(Path.Join(directory, "tls.crt"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Join(directory, "tls.key"), key.ExportPkcs8PrivateKeyPem());
    }
}
