using System.Net;
using Microsoft.AspNetCore.Http.Features;
using Pm.Daemon.Settings;

namespace Pm.Daemon.Logging;

/// <summary>Where a request comes from: the peer, or who it says it speaks for when it is a proxy that is trusted.</summary>
sealed class ClientAddress(DaemonSettings settings)
{
    /// <summary>Null: over a unix socket, from nobody in particular.</summary>
    public IPAddress? Of(IFeatureCollection features)
    {
        var peer = Plain(features.Get<IHttpConnectionFeature>()?.RemoteIpAddress);
        return IsTrusted(peer)
            ? Last(features.GetRequiredFeature<IHttpRequestFeature>().Headers["X-Forwarded-For"].ToString()) ?? peer
            : peer;
    }

    /// <summary>As <see cref="Of(IFeatureCollection)"/>, from what it would find.</summary>
    /// <param name="peer">Null: over a unix socket.</param>
    /// <param name="forwardedFor">The header as sent, or null.</param>
    public IPAddress? Of(IPAddress? peer, string? forwardedFor)
    {
        peer = Plain(peer);
        return forwardedFor is not null && IsTrusted(peer) ? Last(forwardedFor) ?? peer : peer;
    }

    /// <summary>Whether the <c>X-Forwarded-…</c> headers of the request are believed.</summary>
    public bool IsFromTrustedProxy(IFeatureCollection features) => IsTrusted(Plain(features.Get<IHttpConnectionFeature>()?.RemoteIpAddress));

    // Whoever may write to the socket is the proxy that it was made for.
    bool IsTrusted(IPAddress? peer) => peer is null || settings.TrustedProxies.Contains(peer);

    /// <summary>The last address is the one that the trusted proxy itself has seen; those before are claims.</summary>
    static IPAddress? Last(string header)
    {
        var last = header.AsSpan(header.LastIndexOf(',') + 1).Trim();
        return IPAddress.TryParse(last, out var address) ? Plain(address) : null;
    }

    static IPAddress? Plain(IPAddress? address) => address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
}
