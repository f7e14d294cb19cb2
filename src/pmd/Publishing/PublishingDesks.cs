using Pm.Daemon.Metrics;
using Pm.Daemon.Output;
using Pm.Daemon.Settings;
using Pm.Linux;
using Pm.Repositories;
using Pm.Repositories.Database;
using Pm.Repositories.Publishing;
using Pm.Repositories.Serving;
using Pm.Storage.Keys;

namespace Pm.Daemon.Publishing;

/// <summary>
/// The desks of the repositories, each opened when the first publisher comes: who only reads costs nothing. While one is being
/// opened, nobody but those who ask for it waits, and they not for long: another process may have it for minutes.
/// </summary>
sealed class PublishingDesks : IAsyncDisposable
{
    /// <summary>Opening takes some milliseconds unless another process has the lock.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    readonly Lock _gate = new();
    readonly Dictionary<string, DeskOpening> _desks = new(StringComparer.Ordinal);
    readonly List<Task> _retired = [];
    readonly CancellationTokenSource _stop = new();
    readonly DaemonSettings _settings;
    readonly TimeProvider _time;
    readonly Notices _notices;
    readonly OpenPgpProgram _gpg;

    public PublishingDesks(DaemonSettings settings, DaemonContext context, MetricSet metrics, Notices notices)
    {
        _settings = settings;
        _time = context.Time;
        _notices = notices;
        _gpg = new OpenPgpProgram(OpenPgpEnvironment.From(context.Variable));
        metrics.Gauge("pmd_uploads_staged_bytes", "What is uploaded and not published.", () => [("", Sum(desk => desk.Uploads.StagedSize))]);
        metrics.Gauge("pmd_publish_rounds", "How often metadata was written for publishers since the start.", () => [("", Sum(desk => desk.Rounds))]);
    }

    /// <summary>Null: nobody ever made a token for this repository, so nobody has one.</summary>
    /// <exception cref="RepositoryException">PM5020 …: its database cannot be used; PM5040: the server stops; PM5042: another process has it.</exception>
    public async Task<PublishingDesk?> FindAsync(ServedRepository repository)
    {
        if (Opening(repository.Path) is not { } opening)
        {
            return null;
        }

        try
        {
            return await opening.WaitAsync(Patience, _time);
        }
        catch (TimeoutException)
        {
            throw new RepositoryException("PM5042", "another process has the uploads of this repository just now", "try again in a moment");
        }
        catch (OperationCanceledException)
        {
            throw Stopping();
        }
    }

    /// <summary>What was begun is done; nothing more is taken.</summary>
    public async ValueTask DisposeAsync()
    {
        Task[] all;
        lock (_gate)
        {
            _stop.Cancel();
            all = [.. _retired, .. _desks.Values.Select(opening => RetireAsync(opening.Desk))];
            _desks.Clear();
        }

        await Task.WhenAll(all);
        _stop.Dispose();
    }

    /// <summary>The desk of the repository that lies there now: somebody may have put another one in its place.</summary>
    Task<PublishingDesk>? Opening(string path)
    {
        var database = RepositoryDatabase.Status(path);
        lock (_gate)
        {
            if (_stop.IsCancellationRequested)
            {
                throw Stopping();
            }

            if (_desks.TryGetValue(path, out var known))
            {
                if (known.IsOf(database) && !known.Desk.IsFaulted)
                {
                    return known.Desk;
                }

                _desks.Remove(path);
                _retired.RemoveAll(task => task.IsCompleted);
                _retired.Add(RetireAsync(known.Desk));
            }

            if (database is not { } there)
            {
                return null;
            }

            var opening = new DeskOpening(there, OpenAsync(path));
            _desks.Add(path, opening);
            return opening.Desk;
        }
    }

    /// <summary>On a thread of its own: it may wait for another process.</summary>
    Task<PublishingDesk> OpenAsync(string path) => Task.Factory.StartNew(() =>
    {
        try
        {
            return PublishingDesk.Open(path, _gpg, _settings.Uploads, _time, _stop.Token);
        }
        catch (LockBusyException busy)
        {
            // Who asked for it has gone by now.
            _notices.Error(Failure.Of(busy));
            throw;
        }
    }, _stop.Token, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    static async Task RetireAsync(Task<PublishingDesk> opening)
    {
        try
        {
            using var desk = await opening;
            await desk.StopAsync(isHurried: true);
        }
#pragma warning disable CA1031 // It was never opened: whoever asked for it was told why.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }

    static RepositoryException Stopping() => new("PM5040", "the server is about to stop", "try again in a moment");

    double Sum(Func<PublishingDesk, long> value)
    {
        lock (_gate)
        {
            return _desks.Values.Where(opening => opening.Desk.IsCompletedSuccessfully).Sum(opening => value(opening.Desk.Result));
        }
    }
}
