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

        if (text.Length > 0 && text.All(char.IsAsciiDigit))
        {
            throw new RepositoryException("PM5204", $"cannot listen at `{text}`: expected an address before the port",
                $"--listen localhost:{text} for this machine, --listen '*:{text}' for everybody");
        }

        var colon = text.LastIndexOf(':');
        var host = colon < 0 ? text : text[..colon];
        var port = DefaultPort;
        if (colon >= 0 && (!int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out port) || port > IPEndPoint.MaxPort))
        {
            throw Wrong(text, $"expected a port from 0 to {IPEndPoint.MaxPort}");
        }

        host = host is ['[', .., ']'] ? host[1..^1] : host;
        return host is "" or "*" or "localhost" || IsAddress(host)
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
    /// <param name="addresses">Which one it was of them is not known.</param>
    /// <param name="why">As the system says it.</param>
    public static RepositoryException Taken(IEnumerable<ListenAddress> addresses, Exception why)
    {
        ArgumentNullException.ThrowIfNull(why);
        var socket = why as SocketException ?? why.GetBaseException() as SocketException;
        return new RepositoryException(
            "PM5204",
            $"cannot listen at {string.Join(" or ", addresses)}: {(socket ?? why).Message.TrimEnd('.').ToLowerInvariant()}",
            socket?.SocketErrorCode switch
            {
                SocketError.AddressNotAvailable => "it is no address of this machine: `--listen '*:PORT'` for all that are, `--listen localhost:PORT` for this machine alone",
                SocketError.AccessDenied => "a port below 1024 needs CAP_NET_BIND_SERVICE, a socket a directory that may be written: choose another --listen",
                _ => "another program may listen there already: choose another --listen",
            });
    }

    /// <summary>As it is given on a command line.</summary>
    public override string ToString() => SocketPath is { } path ? $"unix:{path}"
        : Host.Contains(':', StringComparison.Ordinal) ? string.Create(CultureInfo.InvariantCulture, $"[{Host}]:{Port}")
        : string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");

    /// <summary>A socket that an earlier process left behind would be in the way; one that somebody answers at stays.</summary>
    /// <exception cref="RepositoryException">PM5204: the directory of a socket is missing.</exception>
    public void Prepare()
    {
        if (Path.GetDirectoryName(SocketPath) is { } directory && !Directory.Exists(directory))
        {
            throw new RepositoryException("PM5204", $"cannot listen at {this}: there is no directory {directory}", $"mkdir -p {directory}");
        }

        if (SocketPath is { } path && FileStatus.OfLink(path) is { Kind: FileKind.Socket } && !IsAnswered(path))
        {
            File.Delete(path);
        }
    }

    /// <summary>The framework takes <c>8083</c> and <c>1.2</c> for addresses too, as old programs did.</summary>
    static bool IsAddress(string host) =>
        IPAddress.TryParse(host, out var address) && (address.AddressFamily is AddressFamily.InterNetworkV6 || host.Count(c => c == '.') == 3);

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
