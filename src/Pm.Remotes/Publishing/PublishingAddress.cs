using Pm.Remotes.Http;

namespace Pm.Remotes.Publishing;

/// <summary>Where a token may be sent to: over TLS anywhere, in the clear to this machine only.</summary>
public static class PublishingAddress
{
    /// <summary>What of a URL a token belongs to: without a slash at the end, host and scheme in lower case.</summary>
    public static string KeyOf(RemoteUrl url)
    {
        ArgumentNullException.ThrowIfNull(url);
        return new Uri(url.Text).GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped).TrimEnd('/');
    }

    /// <param name="url">Of the repository.</param>
    /// <param name="allowsPlain">Whether somebody said that the way is safe.</param>
    /// <param name="proxies">One on the way is not this machine, or leads away from it.</param>
    /// <exception cref="RemoteException">PM6002: not a server; PM6052: anybody on the way could read the token.</exception>
    public static void Require(RemoteUrl url, bool allowsPlain, ProxyRules proxies)
    {
        ArgumentNullException.ThrowIfNull(url);
        ArgumentNullException.ThrowIfNull(proxies);
        if (url.Kind is not RemoteKind.Http)
        {
            throw new RemoteException("PM6002", $"{url.Text}: expected an http(s) URL: to others nothing is published over the network");
        }

        var uri = new Uri(url.Text);
        if (uri.Scheme == Uri.UriSchemeHttps || allowsPlain)
        {
            return;
        }

        if (!uri.IsLoopback)
        {
            throw new RemoteException(
                "PM6052", $"{url.Text}: a token is not sent over http, where anybody on the way reads it",
                $"https://{uri.Authority}{uri.AbsolutePath}; or `--allow-http` in a network that is all yours");
        }

        if (proxies.For(uri) is { } proxy)
        {
            throw new RemoteException(
                "PM6052", $"{url.Text}: a token is not sent over http to the proxy {proxy}, which reads it",
                "`--proxy none`; or `--allow-http` where the proxy is all yours");
        }
    }
}
