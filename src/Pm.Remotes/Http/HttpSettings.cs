using System.Net;

namespace Pm.Remotes.Http;

/// <summary>How a run speaks HTTP.</summary>
public sealed record HttpSettings
{
    /// <summary>What all time limits are measured with, and what certificates are held against.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Spreads retries, so that many machines do not come back in the same moment.</summary>
    public Random Random { get; init; } = Random.Shared;

    /// <summary>How pm calls itself.</summary>
    public string UserAgent { get; init; } = "pm";

    /// <summary>Which proxy leads to which host.</summary>
    public ProxyRules Proxies { get; init; } = ProxyRules.None;

    /// <summary>A PEM file of the authorities that are believed in place of the machine's; null: the machine's.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>Whether nobody on the network may be asked.</summary>
    public bool IsOffline { get; init; }

    /// <summary>Told of what a person may want to know: that it is tried again, or elsewhere.</summary>
    public Action<string>? Note { get; init; }

    /// <summary>Told of every request and its answer.</summary>
    public Action<string>? Trace { get; init; }

    /// <summary>How many requests are under way at once, where there are many to make.</summary>
    public int Requests { get; init; } = 8;

    /// <summary>For the connection, all addresses of a host together.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>From the request to the end of the answer's headers, connection and TLS included.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How slowly a body may come.</summary>
    public TransferLimits Transfer { get; init; } = new();

    /// <summary>How often a request is made that may be repeated: a server that starts again is waited for almost two seconds at least.</summary>
    public int Attempts { get; init; } = 4;

    /// <summary>Whether no request is made twice but one that no answer came to because its kept connection was closed; that at once.</summary>
    public bool IsHasty { get; init; }

    /// <exception cref="RemoteException">PM7504: nobody may be asked.</exception>
    internal void RequireOnline(Uri url)
    {
        if (IsOffline)
        {
            throw new RemoteException("PM7504", $"{url.AbsoluteUri}: not asked: --offline was given, or PM_OFFLINE or a configuration file says so", "leave --offline out; `pm config get offline --show-origin` shows who says it");
        }
    }

    /// <summary>The addresses of a host.</summary>
    internal Func<string, CancellationToken, Task<IPAddress[]>> Resolve { get; init; } = Dns.GetHostAddressesAsync;

    /// <summary>Whether an address is this machine's own, or its link's.</summary>
    internal Func<IPAddress, bool> IsLocal { get; init; } = LocalAddress.Is;

    /// <summary>Makes a connection in place of the network; null: the network.</summary>
    internal Func<IPEndPoint, Stream>? Connect { get; init; }
}
