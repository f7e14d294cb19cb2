using System.Net;

namespace Pm.Remotes.Http;

/// <summary>A proxy. Its credentials are never shown.</summary>
public sealed record ProxyUrl
{
    ProxyUrl(Uri url) => Url = url;

    /// <summary>With its credentials.</summary>
    internal Uri Url { get; }

    /// <summary>Name and password; null where the URL has none.</summary>
    internal NetworkCredential? Credential => Url.UserInfo.Split(':', 2) is [{ Length: > 0 } name, ..] parts
        ? new NetworkCredential(Uri.UnescapeDataString(name), Uri.UnescapeDataString(parts.Length > 1 ? parts[1] : ""))
        : null;

    /// <summary>With its credentials, for the environment of a program that is to use it; for no message and no argument.</summary>
    public string Secret => Url.AbsoluteUri;

    internal DnsEndPoint Place => new(Url.DnsSafeHost, Url.Port);

    /// <param name="text"><c>HOST:PORT</c>, or a URL of http, https, socks4, socks4a or socks5.</param>
    /// <exception cref="RemoteException">PM6001: it is none.</exception>
    public static ProxyUrl Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var full = text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}";
        if (HostName.UrlOf(full) is not { } url || url.Host.Length == 0 || url.Query.Length > 0 || url.AbsolutePath is not ("/" or "")
            || url.Scheme is not ("http" or "https" or "socks4" or "socks4a" or "socks5") || url.Port is < 1)
        {
            throw new RemoteException("PM6001", "not a proxy: expected HOST:PORT or http://HOST:PORT (https, socks5)");
        }

        return new ProxyUrl(url);
    }

    public override string ToString() => $"{Url.Scheme}://{Url.Host}:{Url.Port}";
}
