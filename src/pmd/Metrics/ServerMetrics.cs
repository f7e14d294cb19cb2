using Pm.Daemon.Events;
using Pm.Repositories;
using Pm.Repositories.Serving;

namespace Pm.Daemon.Metrics;

/// <summary>What is known of the process and its repositories without counting.</summary>
static class ServerMetrics
{
    public static void Add(MetricSet metrics, RepositorySet repositories, EventStreams events, TimeProvider time)
    {
        var start = time.GetUtcNow();
        metrics.Gauge("pmd_info", "The release; always 1.", () => [(MetricSet.Label("version", Product.Version), 1)]);
        metrics.Gauge("pmd_event_streams", "Clients that listen for events.", () => [("", events.Count)]);
        metrics.Gauge("pmd_repository_version", "Of the repository's timestamp; absent while it cannot be read.",
            () => Each(repositories, repository => repository.Version));
        metrics.Gauge("pmd_repository_packages", "Versions of packages that are published.", () => Each(repositories, repository => repository.View.Index.VersionCount));
        metrics.Gauge("pmd_repository_expires_seconds", "Unix time until which clients believe the repository.",
            () => Each(repositories, repository => repository.View.Expires.ToUnixTimeSeconds()));
        metrics.Gauge("process_start_time_seconds", "Unix time of the start.", () => [("", start.ToUnixTimeMilliseconds() / 1000.0)]);
        metrics.Gauge("process_resident_memory_bytes", "Memory in use.", () => [("", Environment.WorkingSet)]);
    }

    static IEnumerable<(string Labels, double Value)> Each(RepositorySet repositories, Func<ServedRepository, double> read)
    {
        foreach (var repository in repositories.All)
        {
            double value;
            try
            {
                value = read(repository);
            }
            catch (Exception error) when (error is RepositoryException or Pm.Linux.SystemCallException)
            {
                continue;
            }

            yield return (MetricSet.Label("namespace", repository.Namespace), value);
        }
    }
}
