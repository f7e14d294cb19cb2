using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Pm.Remotes.Http;

/// <summary>Decides about the certificates of servers as the machine does, or by a file of authorities, and says what is wrong.</summary>
static class CertificateJudge
{
    const string Hint = "`--ca-file FILE` (PM_CA_FILE) believes the authorities of a PEM file";
    const string FileHint = "`--ca-file` and PM_CA_FILE name a PEM file of authorities; without them those of the machine are believed";

    /// <exception cref="RemoteException">PM6015: the file of authorities cannot be used.</exception>
    public static SslClientAuthenticationOptions Options(HttpSettings settings) => new()
    {
        CertificateChainPolicy = Policy(settings),
        RemoteCertificateValidationCallback = (sender, certificate, chain, errors) =>
            errors is SslPolicyErrors.None
                ? true
                : throw Refused(((SslStream)sender).TargetHostName, certificate as X509Certificate2, chain, errors),
    };

    static X509ChainPolicy Policy(HttpSettings settings)
    {
        var policy = new X509ChainPolicy
        {
            RevocationMode = X509RevocationMode.NoCheck,

            // A certificate may name a place where its issuer's is (RFC 5280, 4.2.2.1). A stranger wrote that: it could be this machine's own service.
            DisableCertificateDownloads = true,
            VerificationTime = settings.Time.GetUtcNow().UtcDateTime,
        };
        if (settings.CertificateFile is { } file)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(Authorities(file));
        }

        return policy;
    }

    static X509Certificate2Collection Authorities(string file)
    {
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(file);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            var why = e is FileNotFoundException or DirectoryNotFoundException ? "no such file" : HttpFailure.Plain(e.Message);
            throw new RemoteException("PM6015", $"the authorities cannot be read from {Trust.ShownText.Of(file)}: {why}", FileHint, e);
        }

        return authorities.Count > 0
            ? authorities
            : throw new RemoteException(
                "PM6015", $"the authorities cannot be read from {Trust.ShownText.Of(file)}: expected certificates in PEM form, got none", FileHint);
    }

    static RemoteException Refused(string host, X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors) =>
        new("PM6013", $"the certificate of {host} was refused: {Why(host, certificate, chain, errors)}", Hint);

    static string Why(string host, X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        try
        {
            return certificate is null ? "it showed none"
                : errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) ? $"it is not for `{host}` but for {Names(certificate)}"
                : Fault(certificate, chain);
        }
        catch (CryptographicException)
        {
            // Parts of it are decoded when they are asked for only.
            return "what it says cannot be read";
        }
    }

    static string Fault(X509Certificate2 certificate, X509Chain? chain)
    {
        var status = chain?.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status) ?? default;
        var now = chain?.ChainPolicy.VerificationTime.ToUniversalTime();
        var issuer = Trust.ShownText.Of(certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: true));
        return status.HasFlag(X509ChainStatusFlags.NotTimeValid) && now > certificate.NotAfter.ToUniversalTime()
                ? $"it expired at {certificate.NotAfter.ToUniversalTime():yyyy-MM-dd HH:mm} UTC; it is {now:yyyy-MM-dd HH:mm} UTC here"
            : status.HasFlag(X509ChainStatusFlags.NotTimeValid) && now < certificate.NotBefore.ToUniversalTime()
                ? $"it is good from {certificate.NotBefore.ToUniversalTime():yyyy-MM-dd HH:mm} UTC on; it is {now:yyyy-MM-dd HH:mm} UTC here"
            : certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData) ? "it is signed by itself only"
            : (status & (X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain)) != 0
                ? $"it is signed by `{issuer}`, which leads to no authority that is believed here"
            : status.ToString();
    }

    static string Names(X509Certificate2 certificate)
    {
        const int shown = 5;
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(e => e.EnumerateDnsNames().Concat(e.EnumerateIPAddresses().Select(a => a.ToString())))
            .Take(shown).Select(n => $"`{Trust.ShownText.Of(n)}`").ToList();
        return names.Count > 0 ? string.Join(", ", names) : "no host at all";
    }
}
