using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Pm.Codecs;

namespace Pm.Daemon.Tls;

/// <summary>The server's certificate and key from PEM files, read again when the daemon reloads.</summary>
sealed class CertificateFile
{
    readonly string _certificate;
    readonly string _key;
    volatile SslStreamCertificateContext _context;

    CertificateFile(string certificate, string key)
    {
        _certificate = certificate;
        _key = key;
        _context = Read();
    }

    /// <summary>For the connections that begin now.</summary>
    public SslStreamCertificateContext Context => _context;

    /// <exception cref="DaemonException">PM5205: they cannot be used.</exception>
    public static CertificateFile Open(string certificate, string key) => new(certificate, key);

    /// <exception cref="DaemonException">PM5205: they cannot be used; then those of before stay.</exception>
    public void Reload() => _context = Read();

    SslStreamCertificateContext Read()
    {
        try
        {
            RuntimeCryptography.Require();
            var certificate = X509Certificate2.CreateFromPemFile(_certificate, _key);
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(_certificate);
            return SslStreamCertificateContext.Create(certificate, chain, offline: true);
        }
        catch (Exception error) when (error is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new DaemonException(DaemonException.InvalidExit, "PM5205", $"{_certificate} and {_key}: no certificate with its key: {error.Message.TrimEnd('.')}",
                "both are PEM, the key is not encrypted, and belongs to the first certificate of the file");
        }
    }
}
