using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Pm.Daemon.Logging;

namespace Pm.Daemon.Files;

/// <summary>
/// The web server with the files before everything else: a request for one costs no routing, no scope and no context
/// object. All others go to the application as they came.
/// </summary>
sealed class FilesFirstServer(IServer inner, FileResponder files, RequestLog log) : IServer
{
    public IFeatureCollection Features => inner.Features;

    /// <summary>Puts itself before the server that is registered.</summary>
    public static void Decorate(IServiceCollection services)
    {
        var server = services.Last(service => service.ServiceType == typeof(IServer));
        services.Remove(server);
        services.AddSingleton<IServer>(provider => new FilesFirstServer(
            (IServer)ActivatorUtilities.CreateInstance(provider, server.ImplementationType!), provider.GetRequiredService<FileResponder>(),
            provider.GetRequiredService<RequestLog>()));
    }

    public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken) where TContext : notnull =>
        inner.StartAsync(new FilesFirstApplication<TContext>(application, files, log), cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => inner.StopAsync(cancellationToken);

    public void Dispose() => inner.Dispose();
}
