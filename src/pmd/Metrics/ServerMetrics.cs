using Pm.Daemon.Events;
using Pm.Daemon.Settings;
using Pm.Repositories;
using Pm.Repositories.Serving;

namespace Pm.Daemon.Metrics;

/// <summary>What is known of the process and its repositories without counting.</summary>
static class ServerMetrics
{
    /// <param name="metrics">Where they are added.</param>
    /// <param name="services">Of the server.</param>
    public static void Add(MetricSet metrics, IServiceProvider services)
    {
        var repositories = services.GetRequiredService<RepositorySet>();
        var events = services.GetRequiredService<EventStreams>();
        var clients = services.GetRequiredService<ClientConnections>();
        var start = services.GetRequiredService<TimeProvider>().GetUtcNow();
        metrics.Gauge("pmd_limit", "What is in force, by the name of its setting where it has one.", () => Limits(services.GetRequiredService<DaemonSettings>()));
        metrics.Gauge("pmd_connections", "Connections that are open.", () => [("", clients.Count)]);
        metrics.Gauge("pmd_info", "The release; always 1.", () => [(MetricSet.Label("version", Product.Version), 1)]);
        metrics.Gauge("pmd_event_streams", "Clients that listen for events.", () => [("", events.Count)]);
        metrics.Gauge("pmd_repository_version", "Of the repository's timestamp; absent while it cannot be read.",
            () => Each(repositories, repository => repository.Version));
        metrics.Gauge("pmd_repository_packages", "Versions of packages that are published.", () => Each(repositories, repository => repository.View.Index.VersionCount));
        metrics.Gauge("pmd_repository_expires_seconds", "Unix time until which clients believe the repository.",
            () => Each(repositories, repository => repository.View.Expires.ToUnixTimeSeconds()));
        metrics.Gauge("pmd_role_expires_seconds", "Unix time until which clients believe what the role signed: root and targets are renewed by hand.",
            () => Each(repositories, repository => repository.View.Roles.Select(role => (MetricSet.Label("role", role.Name), (double)role.Expires.ToUnixTimeSeconds()))));
        metrics.Gauge("process_start_time_seconds", "Unix time of the start.", () => [("", start.ToUnixTimeMilliseconds() / 1000.0)]);
        metrics.Gauge("process_resident_memory_bytes", "Memory in use.", () => [("", Environment.WorkingSet)]);
    }

    static IEnumerable<(string Labels, double Value)> Limits(DaemonSettings settings)
    {
        (string Name, double Value)[] limits =
        [
            ("max_connections", settings.MaximumConnections),
            ("max_client_connections", settings.ClientConnections),
            ("header_timeout_seconds", settings.HeaderTimeout.TotalSeconds),
            ("idle_timeout_seconds", settings.IdleTimeout.TotalSeconds),
            ("min_rate_bytes", settings.MinimumRate),
            ("max_upload_bytes", settings.Uploads.PackageSize),
            ("max_staged_bytes", settings.Uploads.StagedSize),
            ("token_guesses", settings.TokenGuesses),
            ("token_requests", settings.TokenRequests),
            ("stop_timeout_seconds", settings.StopTimeout.TotalSeconds),
            ("event_streams", EventStreams.Maximum),
            ("event_streams_of_address", EventStreams.MaximumOfAddress),
        ];
        return limits.Select(limit => (MetricSet.Label("name", limit.Name), limit.Value));
    }

    static IEnumerable<(string Labels, double Value)> Each(RepositorySet repositories, Func<ServedRepository, double> read) =>
        Each(repositories, repository => [("", read(repository))]);

    /// <summary>A repository that cannot be read has no line, and the others have theirs.</summary>
    static IEnumerable<(string Labels, double Value)> Each(RepositorySet repositories, Func<ServedRepository, IEnumerable<(string Labels, double Value)>> read)
    {
        foreach (var repository in repositories.All)
        {
            List<(string Labels, double Value)> values;
            try
            {
                values = [.. read(repository)];
            }
            catch (Exception error) when (error is RepositoryException or Pm.Linux.SystemCallException)
            {
                continue;
            }

            var place = MetricSet.Label("namespace", repository.Namespace);
            foreach (var (labels, value) in values)
            {
                yield return (labels.Length == 0 ? place : $"{place},{labels}", value);
            }
        }
    }
}
