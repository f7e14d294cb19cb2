using System.Net.Security;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Pm.Daemon.Direct;
using Pm.Daemon.Settings;
using Pm.Daemon.Tls;
using Pm.Repositories.Serving;

namespace Pm.Daemon;

/// <summary>Where connections come in, and what they may cost.</summary>
static class Listeners
{
    const int MaximumRequestLine = Pm.Repositories.Serving.RequestPath.MaximumLength + 64;
    const int MaximumHeaders = 16 * 1024;
    const int MaximumHeaderCount = 64;
    const int MaximumStreams = 100;

    /// <summary>Of an answer that its client does not take, above which no more is made.</summary>
    public const int MaximumUnsent = 16 * 1024;

    /// <summary>Of requests without an endpoint that allows more.</summary>
    const int MaximumBody = 64 * 1024;

    static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(10);
    static readonly TimeSpan RateGrace = TimeSpan.FromSeconds(5);

    public static void Configure(KestrelServerOptions options, DaemonSettings settings, CertificateFile? certificate)
    {
        // A line feed alone ends a line for some readers and not for others.
        AppContext.SetSwitch("Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators", true);
        options.AddServerHeader = false;
        options.AllowSynchronousIO = false;
        options.RequestHeaderEncodingSelector = DigitsOnly.Of;
        var limits = options.Limits;
        limits.MaxConcurrentConnections = settings.MaximumConnections;
        limits.MaxRequestLineSize = MaximumRequestLine;
        limits.MaxRequestHeadersTotalSize = MaximumHeaders;
        limits.MaxRequestHeaderCount = MaximumHeaderCount;
        limits.MaxRequestBodySize = MaximumBody;
        limits.RequestHeadersTimeout = settings.HeaderTimeout;
        limits.KeepAliveTimeout = settings.IdleTimeout;
        limits.MinResponseDataRate = limits.MinRequestBodyDataRate = settings.MinimumRate == 0 ? null : new MinDataRate(settings.MinimumRate, RateGrace);
        limits.MaxResponseBufferSize = MaximumUnsent;
        limits.Http2.MaxStreamsPerConnection = MaximumStreams;
        foreach (var address in settings.Listen.IsEmpty ? [ListenAddress.Default] : settings.Listen)
        {
            Listen(options, address, certificate);
        }
    }

    static void Listen(KestrelServerOptions options, ListenAddress address, CertificateFile? certificate)
    {
        if (address.SocketPath is { } path)
        {
            // Who comes over it is on this machine: a proxy, which has TLS itself.
            options.ListenUnixSocket(path, Directly);
            return;
        }

        foreach (var endPoint in address.EndPoints())
        {
            options.Listen(endPoint, certificate is null ? Directly : listener => listener.UseHttps(Handshake(certificate)));
        }
    }

    /// <summary>Without TLS the kernel can send files itself.</summary>
    static void Directly(ListenOptions listener) => listener.Use(next =>
    {
        var files = listener.ApplicationServices.GetRequiredService<DirectFiles>();
        return connection => files.ServeAsync(connection, next);
    });

    static TlsHandshakeCallbackOptions Handshake(CertificateFile certificate) => new()
    {
        HandshakeTimeout = HandshakeTimeout,
        OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions
        {
            ServerCertificateContext = certificate.Context,
            ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
        }),
    };
}
