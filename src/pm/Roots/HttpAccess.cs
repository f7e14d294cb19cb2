using Pm.Cli.Output;
using Pm.Remotes.Http;

namespace Pm.Cli.Roots;

/// <summary>How this run speaks HTTP.</summary>
static class HttpAccess
{
    /// <exception cref="Pm.Remotes.RemoteException">PM6001: a proxy that was named is none.</exception>
    public static HttpSettings Settings(PmContext context) => new()
    {
        Time = context.Time,
        Random = context.Random,
        Transfer = context.Transfer,
        UserAgent = $"{Product.Name}/{Product.Version}",
        Proxies = ProxyRules.From(context.Settings.Proxy, context.Variable),
        IsOffline = context.Settings.Offline,
        CertificateFile = context.Settings.CertificateFile,
        Requests = context.Settings.Jobs,
        Trace = context.Settings.Verbose ? line => context.Terminal.Note(Hostile.OneLine(line)) : null,
        Note = line => context.Terminal.Note(Hostile.OneLine(line)),
    };
}
