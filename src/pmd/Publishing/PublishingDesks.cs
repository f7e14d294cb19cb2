using Pm.Daemon.Metrics;
using Pm.Daemon.Settings;
using Pm.Repositories;
using Pm.Repositories.Database;
using Pm.Repositories.Publishing;
using Pm.Repositories.Serving;
using Pm.Storage.Keys;

namespace Pm.Daemon.Publishing;

/// <summary>The desks of the repositories, each opened when the first publisher comes: who only reads costs nothing.</summary>
sealed class PublishingDesks : IAsyncDisposable
{
    readonly Lock _gate = new();
    readonly Dictionary<string, PublishingDesk> _desks = new(StringComparer.Ordinal);
    readonly DaemonSettings _settings;
    readonly TimeProvider _time;
    readonly OpenPgpProgram _gpg;
    bool _isStopped;

    public PublishingDesks(DaemonSettings settings, DaemonContext context, MetricSet metrics)
    {
        _settings = settings;
        _time = context.Time;
        _gpg = new OpenPgpProgram(OpenPgpEnvironment.From(context.Variable));
        metrics.Gauge("pmd_uploads_staged_bytes", "What is uploaded and not published.", () => [("", Sum(desk => desk.Uploads.StagedSize))]);
        metrics.Gauge("pmd_publish_rounds", "How often metadata was written for publishers since the start.", () => [("", Sum(desk => desk.Rounds))]);
    }

    /// <summary>Null: nobody ever made a token for this repository, so nobody has one.</summary>
    /// <exception cref="RepositoryException">PM5020 …: its database cannot be used; PM5040: the server stops.</exception>
    public PublishingDesk? Find(ServedRepository repository)
    {
        lock (_gate)
        {
            if (_isStopped)
            {
                throw new RepositoryException("PM5040", "the server is about to stop", "try again in a moment");
            }

            if (_desks.TryGetValue(repository.Path, out var desk))
            {
                return desk;
            }

            if (!RepositoryDatabase.Exists(repository.Path))
            {
                return null;
            }

            desk = PublishingDesk.Open(repository.Path, _gpg, _settings.Uploads, _time);
            _desks.Add(repository.Path, desk);
            return desk;
        }
    }

    /// <summary>What was taken is done; nothing more is taken.</summary>
    public async ValueTask DisposeAsync()
    {
        PublishingDesk[] desks;
        lock (_gate)
        {
            _isStopped = true;
            desks = [.. _desks.Values];
            _desks.Clear();
        }

        foreach (var desk in desks)
        {
            await desk.StopAsync();
            desk.Dispose();
        }
    }

    double Sum(Func<PublishingDesk, long> value)
    {
        lock (_gate)
        {
            return _desks.Values.Sum(value);
        }
    }
}
