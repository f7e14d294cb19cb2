using System.Buffers;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Pm.Daemon.Files;
using Pm.Daemon.Logging;
using Pm.Daemon.Routing;
using Pm.Daemon.Settings;
using Pm.Repositories.Serving;
using Pm.Repositories.StaticServing;

namespace Pm.Daemon.Direct;

/// <summary>
/// Answers requests for files before the web server sees them, on connections without TLS: the kernel sends the file, and
/// nothing is made for the request that the answer does not need. The first request of a connection that asks for
/// anything else, or asks oddly, goes to the web server, and the rest of the connection with it.
/// </summary>
sealed class DirectFiles(
    RepositorySet repositories, DaemonSettings settings, RequestLog log, DirectClients clients, DateText date)
{
    public RepositorySet Repositories => repositories;

    public RequestLog Log => log;

    public DirectClients Clients => clients;

    public DateText Date => date;

    public DaemonSettings Settings => settings;

    public async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (connection.Features.Get<IConnectionSocketFeature>()?.Socket is { } socket)
        {
            using var direct = new DirectConnection(this, connection, socket);
            if (!await direct.RunAsync())
            {
                return;
            }
        }

        await next(connection);
    }

    /// <summary>What the connection has received so far.</summary>
    /// <param name="bytes">From the beginning of a request.</param>
    /// <param name="before">The last head.</param>
    /// <param name="head">Of a request for a file</param>
    /// <param name="length">with this many bytes.</param>
    public static DirectRequestKind Look(in ReadOnlySequence<byte> bytes, RequestHead? before, out RequestHead? head, out int length)
    {
        (head, length) = (null, 0);
        if (bytes.IsEmpty)
        {
            return DirectRequestKind.Incomplete;
        }

        if (bytes.FirstSpan[0] is not ((byte)'G' or (byte)'H') || bytes.Length > RequestHeadReader.MaximumLength)
        {
            return DirectRequestKind.Other;
        }

        var span = bytes.IsSingleSegment ? bytes.FirstSpan : bytes.ToArray();
        length = RequestHeadReader.End(span);
        if (length < 0)
        {
            return DirectRequestKind.Incomplete;
        }

        var isPlain = RequestHeadReader.Read(span[..length], out head, before) == 0
            && (head!.IsGet || head.IsHead) && head is { HasBody: false, WantsMore: false };
        return isPlain ? DirectRequestKind.File : DirectRequestKind.Other;
    }

    /// <summary>The repository and the path of a file in it; null: the target is none.</summary>
    public ServedRepository? Resolve(string target, out string path)
    {
        path = "";
        if (RequestPath.Decode(target) is not { } decoded || RepositoryRouting.IsOfServer(decoded)
            || repositories.Resolve(decoded, out var rest) is not { } repository || FileResponder.IsEndpoint(rest))
        {
            return null;
        }

        path = rest.ToString();
        return repository;
    }
}
