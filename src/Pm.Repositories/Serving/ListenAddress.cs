using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Pm.Linux;

namespace Pm.Repositories.Serving;

/// <summary>Where to listen: <c>HOST:PORT</c> or <c>unix:PATH</c>.</summary>
/// <param name="Host">An address, <c>localhost</c>, or <c>*</c>: every address of the machine.</param>
/// <param name="Port">0: one that is free.</param>
/// <param name="SocketPath">Absolute; then there is no host.</param>
public sealed record ListenAddress(string Host, int Port, string? SocketPath)
{
    const int DefaultPort = 8083;
    const int MaximumSocketPath = 107;

    /// <summary>Only this machine: to be reached from elsewhere has to be asked for.</summary>
    public static ListenAddress Default { get; } = new("localhost", DefaultPort, null);

    /// <exception cref="RepositoryException">PM5204: not such an address.</exception>
    public static ListenAddress Parse(string text, Func<string, string> fullPath)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(fullPath);
        if (text.StartsWith("unix:", StringComparison.Ordinal))
        {
            var path = fullPath(text["unix:".Length..]);
            return System.Text.Encoding.UTF8.GetByteCount(path) <= MaximumSocketPath
                ? new ListenAddress("", 0, path)
                : throw Wrong(text, $"the path of a socket has at most {MaximumSocketPath} bytes");
        }

        var colon = text.LastIndexOf(':');
        var host = colon < 0 ? text : text[..colon];
        var port = DefaultPort;
        if (colon >= 0 && (!int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out port) || port > IPEndPoint.MaxPort))
        {
            throw Wrong(text, $"expected a port from 0 to {IPEndPoint.MaxPort}");
        }

        host = host is ['[', .., ']'] ? host[1..^1] : host;
        return host is "" or "*" or "localhost" || IPAddress.TryParse(host, out _)
            ? new ListenAddress(host.Length == 0 ? "*" : host, port, null)
            : throw Wrong(text, "expected an IP address, `localhost` or `*`");
    }

    /// <summary>The addresses that are meant; localhost is two where the port is known before.</summary>
    public IReadOnlyList<IPEndPoint> EndPoints() => Host switch
    {
        "*" => [new IPEndPoint(Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any, Port)],
        "localhost" => Socket.OSSupportsIPv6 && Port != 0
            ? [new IPEndPoint(IPAddress.Loopback, Port), new IPEndPoint(IPAddress.IPv6Loopback, Port)]
            : [new IPEndPoint(IPAddress.Loopback, Port)],
        _ => [new IPEndPoint(IPAddress.Parse(Host), Port)],
    };

    /// <summary>Somebody answers at it, or it may not be had.</summary>
    public static RepositoryException Taken(string why) => new("PM5204",
        $"cannot listen: {why.TrimEnd('.')}", "another program may listen there already: choose another --listen");

    /// <summary>A socket that an earlier process left behind would be in the way; one that somebody answers at stays.</summary>
    public void RemoveStaleSocket()
    {
        if (SocketPath is { } path && FileStatus.OfLink(path) is { Kind: FileKind.Socket } && !IsAnswered(path))
        {
            File.Delete(path);
        }
    }

    static bool IsAnswered(string path)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    static RepositoryException Wrong(string text, string why) => new("PM5204", $"cannot listen at `{text}`: {why}", "--listen HOST:PORT or --listen unix:PATH");
}
