using System.Collections.Concurrent;
using Pm.Codecs;
using Pm.Linux;
using Pm.Packages;
using Pm.Repositories.Auditing;
using Pm.Repositories.Database;
using Pm.Repositories.Tokens;
using Pm.Repositories.Uploads;
using Pm.Storage.Keys;

namespace Pm.Repositories.Publishing;

/// <summary>
/// Where everything that comes over the network and changes a repository waits for its turn. What waits while one change
/// is written goes into the next one together, so that many publishers cost few updates of the metadata; and in the
/// order in which it came. Once a request is answered its change is on the disk.
/// </summary>
public sealed class PublishingDesk : IDisposable
{
    const int MostTogether = 256;
    const int MostWaiting = 1024;
    const string LockName = "lock";
    const int MostRefusals = 20;

    static readonly TimeSpan RefusalWindow = TimeSpan.FromHours(1);

    /// <summary>For the predecessor of a server that is started anew.</summary>
    static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(30);

    readonly FileLock _lock;

    readonly DirectoryRepository _repository;
    readonly DeskWork _work;
    readonly RepositoryDatabase _database;
    readonly UploadLimits _limits;
    readonly TimeProvider _time;
    readonly RateLimit _refusals;
    readonly BlockingCollection<DeskJob> _jobs = new(MostWaiting);
    readonly CancellationTokenSource _hurry;
    readonly Task _worker;
    bool _isDisposed;

    PublishingDesk(
        FileLock held, DirectoryRepository repository, RepositoryDatabase database, UploadStore uploads, DeskWork work, CancellationTokenSource hurry, UploadLimits limits,
        TimeProvider time)
    {
        _time = time;
        _refusals = new RateLimit(MostRefusals, RefusalWindow, time);
        _lock = held;
        _repository = repository;
        _database = database;
        _work = work;
        _hurry = hurry;
        _limits = limits;
        Uploads = uploads;

        // A thread of its own: it waits for the disk and for gpgv.
        _worker = Task.Factory.StartNew(Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    public UploadStore Uploads { get; }

    public TokenTable Tokens => _database.Tokens;

    public AuditLog Audit => _database.Audit;

    /// <summary>How often the metadata was written for publishers.</summary>
    public long Rounds => _work.Rounds;

    /// <exception cref="RepositoryException">PM5020 …: its database cannot be used.</exception>
    public static PublishingDesk Open(
        string path, OpenPgpProgram gpg, UploadLimits limits, TimeProvider time, CancellationToken cancellation = default)
    {
        var repository = DirectoryRepository.Open(path);
        StateDirectory.OpenOrMake(path).Dispose();

        // What is begun and not done in the log is this process's, or of one that is gone.
        var held = FileLock.Exclusive(Path.Join(path, RepositoryLayout.State, LockName), "pmd", LockTimeout, time, cancellation: cancellation);
        RepositoryDatabase? database = null;
        try
        {
            database = RepositoryDatabase.OpenOrCreate(path);
            var uploads = UploadStore.Open(path, limits, time);
            var hurry = new CancellationTokenSource();
            var work = new DeskWork(repository, database, uploads, limits, gpg, time, hurry.Token);
            work.Log.CloseOpen();
            return new PublishingDesk(held, repository, database, uploads, work, hurry, limits, time);
        }
        catch
        {
            database?.Dispose();
            held.Dispose();
            throw;
        }
    }

    /// <summary>Whether these bytes need not be uploaded: they lie here, or are published.</summary>
    public UploadState Find(Sha256Digest digest, Publisher publisher)
    {
        var state = Uploads.Find(digest, publisher.Token.Id);
        return !state.IsWhole && _database.Receipts.Find(digest) is { } id && SizeOfPublished(id) is { } size ? new UploadState(true, size) : state;
    }

    /// <summary>Publishes uploads in one new state, together with what others ask for meanwhile.</summary>
    /// <exception cref="RepositoryException">PM5031: not covered; PM5003: the version is there with other content; PM5035: not uploaded; PM5040: the server stops; PM5042: too many wait.</exception>
    /// <exception cref="Trust.TrustException">A package is not signed by one of the repository's publishers.</exception>
    /// <exception cref="PackageFormatException">An upload is not a package, or an altered one.</exception>
    public async Task<IReadOnlyList<PublishedItem>> PublishAsync(Publisher publisher, IReadOnlyList<UploadName> uploads)
    {
        publisher.RequireAnyPublishing();
        if (uploads.Count == 0 || uploads.Count > _limits.PackagesPerRequest)
        {
            throw new RepositoryException("PM5039", $"expected 1 to {_limits.PackagesPerRequest} uploads, got {uploads.Count}");
        }

        var job = new DeskJob.Publish(publisher, uploads);
        Enqueue(job);
        return await job.Answer.Task;
    }

    /// <summary>Withdraws a version, or takes that back.</summary>
    /// <returns>False: it was so already.</returns>
    /// <exception cref="RepositoryException">PM5031: not covered; PM5005: not published; PM5040: the server stops.</exception>
    public async Task<bool> YankAsync(Publisher publisher, PackageId package, string? reason, bool isUndone)
    {
        Require(publisher, new(isUndone ? AuditedChange.Unyanking : AuditedChange.Yanking, package.ToString(), reason),
            () => publisher.Require(TokenAction.Yank, package.Name));
        var job = new DeskJob.Yank(publisher, package, reason, isUndone);
        Enqueue(job);
        return await job.Answer.Task;
    }

    /// <summary>Lets through what a token covers; what it does not is in the log.</summary>
    /// <param name="publisher">Who asks.</param>
    /// <param name="change">What for.</param>
    /// <param name="require">Throws PM5031 where the token does not cover it.</param>
    /// <exception cref="RepositoryException">What <paramref name="require"/> threw.</exception>
    public void Require(Publisher publisher, AuditedChange change, Action require)
    {
        ArgumentNullException.ThrowIfNull(publisher);
        ArgumentNullException.ThrowIfNull(require);
        try
        {
            require();
        }
        catch (RepositoryException refusal)
        {
            NoteRefusal(publisher, change, refusal.Code);
            throw;
        }
    }

    /// <summary>Writes down that a token was refused: what a keeper looks for after a theft. A few an hour for each: nobody fills the disk so.</summary>
    public void NoteRefusal(Publisher publisher, AuditedChange change, string code)
    {
        ArgumentNullException.ThrowIfNull(publisher);
        if (_refusals.Take(publisher.Token.Id) is not null)
        {
            return;
        }

        try
        {
            _database.Audit.Add(publisher.Actor, _time.GetUtcNow(), change, code);
        }
        catch (Exception error) when (error is RepositoryException or SystemCallException)
        {
            // It was refused all the same, and is told so.
        }
    }

    /// <summary>Takes nothing more, and does what waits.</summary>
    /// <param name="isHurried">What waits is refused, and what has only begun is given up.</param>
    public Task StopAsync(bool isHurried = false)
    {
        if (isHurried)
        {
            _hurry.Cancel();
        }

        _jobs.CompleteAdding();
        return _worker;
    }

    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        StopAsync().GetAwaiter().GetResult();
        _jobs.Dispose();
        _hurry.Dispose();
        Uploads.Dispose();
        _database.Dispose();
        _lock.Dispose();
    }

    void Enqueue(DeskJob job)
    {
        try
        {
            if (!_jobs.TryAdd(job))
            {
                throw new RepositoryException("PM5042", $"{MostWaiting} others wait for their turn already: nothing was changed", "try again in a moment");
            }
        }
        catch (InvalidOperationException)
        {
            throw DeskWork.Stopping();
        }
    }

    void Work()
    {
        foreach (var first in _jobs.GetConsumingEnumerable())
        {
            var jobs = new List<DeskJob> { first };
            while (jobs.Count < MostTogether && _jobs.TryTake(out var next))
            {
                jobs.Add(next);
            }

            RunGuarded(jobs);
        }
    }

    /// <summary>Without this thread everybody who comes later would wait for ever.</summary>
    void RunGuarded(List<DeskJob> jobs)
    {
        try
        {
            _work.Run(jobs);
        }
#pragma warning disable CA1031 // Those who wait are told, and their requests report it.
        catch (Exception error)
#pragma warning restore CA1031
        {
            jobs.ForEach(job => job.Fail(error));
        }
    }

    long? SizeOfPublished(PackageId id) =>
        FileStatus.OfLink(Path.Join(_repository.ServedPath, new Packages.Index.PublishedTarget(new(id)).PkgName)) is { IsRegular: true } there ? there.Size : null;
}
