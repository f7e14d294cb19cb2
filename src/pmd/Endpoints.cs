using Pm.Daemon.Answers;
using Pm.Daemon.Description;
using Pm.Daemon.Direct;
using Pm.Daemon.Events;
using Pm.Daemon.Health;
using Pm.Daemon.Logging;
using Pm.Daemon.Metrics;
using Pm.Daemon.Pages;
using Pm.Daemon.Publishing;
using Pm.Daemon.Routing;
using Pm.Daemon.Searching;
using Pm.Repositories.Serving;

namespace Pm.Daemon;

/// <summary>Every endpoint but the files. ARCHITECTURE.md says how to add one.</summary>
static class Endpoints
{
    /// <summary>What endpoints need beyond settings, repositories, time and notices; one line an area.</summary>
    public static void AddServices(IServiceCollection services)
    {
        services.AddSingleton<MetricSet>().AddSingleton<EventStreams>().AddSingleton<ClientConnections>();
        services.AddSingleton<ClientAddress>().AddSingleton<AccessLogTarget>().AddSingleton<RequestLog>();
        services.AddSingleton<DateText>().AddSingleton<DirectClients>().AddSingleton<DirectFiles>();
        services.AddSingleton<PublishingDesks>().AddSingleton<Doorkeeper>();
        services.AddPages();
    }

    public static void Map(WebApplication application)
    {
        application.UseMiddleware<ErrorAnswers>();
        application.UseMiddleware<RepositoryRouting>();
        application.UseRouting();

        // At the server: /health/live.
        application.MapHealth();
        application.MapPages();
        application.MapMetrics();
        application.MapServerDescription();

        // Below each repository's base: GET BASE/auto is mapped as "auto".
        var repository = application.MapGroup(RepositoryRouting.Prefix);
        repository.MapRepositoryBase();
        repository.MapEvents();
        repository.MapRepositoryDescription();
        repository.MapSearch();
        repository.MapUploads();
        repository.MapPublishing();
        repository.MapTokens();

        application.UseEndpoints(_ => { });
        application.Run(ErrorAnswers.NothingAsync);
    }
}
