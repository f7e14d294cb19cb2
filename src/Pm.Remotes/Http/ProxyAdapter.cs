using System.Net;

namespace Pm.Remotes.Http;

/// <summary>The rules as the framework asks them.</summary>
sealed class ProxyAdapter(ProxyRules rules) : IWebProxy, ICredentials
{
    public ICredentials? Credentials
    {
        get => this;
        set => throw new NotSupportedException();
    }

    public Uri? GetProxy(Uri destination) => rules.For(destination) is { } proxy
        ? new UriBuilder(proxy.Url) { UserName = "", Password = "" }.Uri
        : null;

    public bool IsBypassed(Uri host) => rules.For(host) is null;

    /// <summary>Asked with the proxy's own URL, so that nobody else is given them.</summary>
    public NetworkCredential? GetCredential(Uri uri, string authType) => rules.CredentialOf(uri);
}
