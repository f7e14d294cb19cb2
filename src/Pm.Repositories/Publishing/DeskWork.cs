using Pm.Codecs;
using Pm.Linux;
using Pm.Packages;
using Pm.Repositories.Auditing;
using Pm.Repositories.Database;
using Pm.Repositories.Tokens;
using Pm.Repositories.Uploads;
using Pm.Storage.Keys;
using Pm.Trust;

namespace Pm.Repositories.Publishing;

/// <summary>What the <see cref="PublishingDesk"/> does with what came: looks again who may, writes down, changes, answers.</summary>
sealed class DeskWork(
    DirectoryRepository repository, RepositoryDatabase database, UploadStore uploads, UploadLimits limits, OpenPgpProgram gpg, TimeProvider time,
    CancellationToken hurry)
{
    readonly DeskLog _log = new(repository, database, time);
    long _rounds;

    public DeskLog Log => _log;

    public long Rounds => Interlocked.Read(ref _rounds);

    RepositoryAccess Access => new("pmd", time) { Cancellation = hurry };

    public static RepositoryException Stopping() =>
        new("PM5040", "the server is about to stop: nothing was changed", "try again in a moment");

    /// <summary>Does jobs in their order; those that publish and stand beside each other in one new state.</summary>
    public void Run(List<DeskJob> jobs)
    {
        for (var at = 0; at < jobs.Count;)
        {
            if (jobs[at] is DeskJob.Yank yank)
            {
                Guard([yank], () => Run(yank));
                at++;
                continue;
            }

            var together = jobs.Skip(at).TakeWhile(job => job is DeskJob.Publish).Cast<DeskJob.Publish>().ToList();
            Guard(together, () => Run(together));
            at += together.Count;
        }
    }

    void Guard(IReadOnlyList<DeskJob> jobs, Action action)
    {
        try
        {
            hurry.ThrowIfCancellationRequested();
            action();
        }
#pragma warning disable CA1031 // Whatever it is, those who wait are told, and the desk goes on.
        catch (Exception error)
#pragma warning restore CA1031
        {
            _log.TryCloseOpen();
            foreach (var job in jobs)
            {
                job.Fail(error switch
                {
                    OperationCanceledException => Stopping(),

                    // Where keys lie is the business of the keeper alone: adr/0016.
                    RepositoryException { Code: "PM5006" } missing => new RepositoryException(
                        "PM5018", "a key that this needs is not on the server: nothing was changed", "ask the keeper of the repository", missing),
                    _ => error,
                });
            }
        }
    }

    void Run(List<DeskJob.Publish> jobs)
    {
        var options = repository.OptionsOf(gpg) with { Limits = limits.OfPackage };
        var requests = jobs.Select(job => Request(job, options)).ToList();
        List<long> begun = [];
        var answers = repository.PublishTogether(requests, Access, decided => begun = _log.Begin(jobs, decided));
        Interlocked.Increment(ref _rounds);
        _log.End(jobs, answers, begun);
        foreach (var (job, answer) in jobs.Zip(answers))
        {
            TidyUp(job, answer);
            if (answer.Refusal is { } refusal)
            {
                job.Fail(refusal);
            }
            else
            {
                job.Answer.TrySetResult(answer.Items);
            }
        }
    }

    PublishRequest Request(DeskJob.Publish job, PublishOptions options) =>
        new([.. job.Uploads.Select(FileOf)], options)
        {
            Authorise = id =>
            {
                job.LookedAt = id;
                RequireStillGood(job.Publisher);
                job.Publisher.Require(TokenAction.Publish, id.Name);
            },
        };

    PublishFile FileOf(UploadName upload)
    {
        var path = uploads.PathOf(upload.Digest);
        var isThere = FileStatus.OfLink(path) is { IsRegular: true };
        return new PublishFile(path, upload.Name)
        {
            IsSettled = true,
            Before = isThere ? null : (database.Receipts.Find(upload.Digest), upload.Digest),
        };
    }

    /// <summary>Revoked since the request came: it is too late for this token.</summary>
    void RequireStillGood(Publisher publisher)
    {
        if (database.Tokens.Find(publisher.Token.Id)?.StateAt(time.GetUtcNow()) is not TokenState.Active)
        {
            throw new RepositoryException("PM5030", $"token {publisher.Token.Id} is no longer good: nothing was changed");
        }
    }

    /// <summary>
    /// What is published is published, and bytes that were refused for what they are would be again. All else stays: another
    /// token may publish what this one may not, and the rest of a request comes again when what is missing is uploaded.
    /// </summary>
    void TidyUp(DeskJob.Publish job, PublishAnswer answer)
    {
        if (answer.Refusal is not { } refusal)
        {
            TryRemove(job.Uploads);
            return;
        }

        var refused = job.Uploads[answer.RefusedFile!.Value];
        if (IsOfContent(refusal))
        {
            TryRemove([refused]);
        }
        else if (refusal is RepositoryException { Code: "PM5035" })
        {
            _log.TryForget(refused);
        }
    }

    static bool IsOfContent(Exception refusal) =>
        refusal is PackageFormatException or TrustException or CodecException or RepositoryException { Code: "PM5003" or "PM5007" or "PM5012" };

    void TryRemove(IEnumerable<UploadName> names)
    {
        try
        {
            foreach (var upload in names)
            {
                uploads.Remove(upload.Digest);
            }
        }
        catch (SystemCallException)
        {
            // It goes when its time is over.
        }
    }

    void Run(DeskJob.Yank job)
    {
        RequireStillGood(job.Publisher);
        var change = new AuditedChange(job.IsUndone ? AuditedChange.Unyanking : AuditedChange.Yanking, job.Package.ToString(), job.Reason);
        try
        {
            job.Answer.TrySetResult(_log.Around(job, change, () => job.IsUndone
                ? repository.Unyank(job.Package, Access)
                : repository.Yank(job.Package, job.Reason, Access)));
        }
        catch (RepositoryException refusal) when (refusal.Code == "PM5005")
        {
            throw new RepositoryException(refusal.Code, $"{job.Package} is not published here");
        }
    }
}
