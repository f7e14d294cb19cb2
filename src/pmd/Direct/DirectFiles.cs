using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Pm.Daemon.Logging;
using Pm.Daemon.Settings;
using Pm.Repositories.Serving;

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

    /// <summary>The repository and the path of a file in it; null: the target is none.</summary>
    public ServedRepository? Resolve(string target, out string path)
    {
        path = "";
        if (RequestPath.Decode(target) is not { } decoded || ServerPaths.IsOfServer(decoded)
            || repositories.Resolve(decoded, out var rest) is not { } repository || ServerPaths.IsEndpoint(rest))
        {
            return null;
        }

        path = rest.ToString();
        return repository;
    }
}
