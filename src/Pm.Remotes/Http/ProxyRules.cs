using System.Collections.Immutable;
using System.Net;

namespace Pm.Remotes.Http;

/// <summary>Which proxy leads to which host: one that was named for this run, else those of the environment.</summary>
public sealed record ProxyRules
{
    /// <summary>No proxy for anything.</summary>
    public static ProxyRules None { get; } = new();

    /// <summary>For everything; wins over the environment's.</summary>
    ProxyUrl? Named { get; init; }

    ProxyUrl? ForHttp { get; init; }

    ProxyUrl? ForHttps { get; init; }

    ImmutableArray<ProxyExemption> Exemptions { get; init; } = [];

    /// <summary>The rules of a run.</summary>
    /// <param name="named">What flag or setting says: a proxy, <c>none</c>, or null where they say nothing.</param>
    /// <param name="variable">A variable of the environment, or null.</param>
    /// <exception cref="RemoteException">PM6001: one of them is not a proxy's URL.</exception>
    public static ProxyRules From(string? named, Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        var exemptions = ProxyExemption.ParseList(variable("no_proxy") ?? variable("NO_PROXY") ?? "");
        if (named is not null)
        {
            return named == "none" ? None : new ProxyRules { Named = ProxyUrl.Parse(named), Exemptions = exemptions };
        }

        // HTTP_PROXY in capitals is what a CGI script is given by whoever sends it a header `Proxy:`.
        var all = Read(variable, "all_proxy") ?? Read(variable, "ALL_PROXY");
        return new ProxyRules
        {
            ForHttp = Read(variable, "http_proxy") ?? all,
            ForHttps = Read(variable, "https_proxy") ?? Read(variable, "HTTPS_PROXY") ?? all,
            Exemptions = exemptions,
        };
    }

    /// <summary>The proxy on the way to <paramref name="url"/>; null: there is none.</summary>
    public ProxyUrl? For(Uri url)
    {
        ArgumentNullException.ThrowIfNull(url);
        if (Exemptions.Any(e => e.Covers(url)))
        {
            return null;
        }

        // A proxy of the environment is for the world outside; this machine is not reached through it.
        return Named ?? (LocalAddress.Is(url) ? null : url.Scheme == "https" ? ForHttps : ForHttp);
    }

    /// <summary>Whether a place is a proxy of these rules: a person named it, wherever it is.</summary>
    internal bool IsProxy(DnsEndPoint place) => new[] { Named, ForHttp, ForHttps }
        .Any(p => p is not null && p.Place.Port == place.Port && p.Place.Host.Equals(place.Host, StringComparison.OrdinalIgnoreCase));

    /// <summary>The credentials of a proxy of these rules, by its URL without them.</summary>
    internal NetworkCredential? CredentialOf(Uri proxy) => new[] { Named, ForHttp, ForHttps }
        .FirstOrDefault(p => p is not null && p.Url.Host == proxy.Host && p.Url.Port == proxy.Port)?.Credential;

    static ProxyUrl? Read(Func<string, string?> variable, string name)
    {
        if (variable(name) is not { } text)
        {
            return null;
        }

        try
        {
            return ProxyUrl.Parse(text);
        }
        catch (RemoteException e)
        {
            throw new RemoteException(e.Code, $"{name}: {e.Message}", $"unset {name}, or give `--proxy none`", e);
        }
    }
}
