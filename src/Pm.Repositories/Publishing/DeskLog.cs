using Pm.Linux;
using Pm.Repositories.Auditing;
using Pm.Repositories.Database;
using Pm.Repositories.Tokens;

namespace Pm.Repositories.Publishing;

/// <summary>What the desk writes down: of each package, before it becomes visible, who publishes it; then what came of it.</summary>
sealed class DeskLog(DirectoryRepository repository, RepositoryDatabase database, TimeProvider time)
{
    /// <summary>Of one token in an hour: what is refused costs a publisher nothing, and the log is kept for ever.</summary>
    const int MostRefusals = 60;

    readonly RateLimit _refusals = new(MostRefusals, TimeSpan.FromHours(1), time);

    /// <summary>Gives entries that a killed server left open the result that the repository shows. A user of the machine may be at his.</summary>
    public void CloseOpen() => new OpenEntries(repository, database.Audit).Close(entry => !entry.IsLocal);

    /// <summary>Where that fails, the next start closes them: those who wait for an answer must not wait for this.</summary>
    public void TryCloseOpen()
    {
        try
        {
            CloseOpen();
        }
#pragma warning disable CA1031 // It is called because something failed already, and that is what is reported.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }

    /// <returns>The entries that wait for <see cref="End"/>.</returns>
    public List<long> Begin(List<DeskJob.Publish> jobs, IReadOnlyList<PublishAnswer> answers)
    {
        var begun = new List<long>();
        database.Audit.Together(() =>
        {
            foreach (var (job, answer) in jobs.Zip(answers))
            {
                if (answer.Refusal is { } refusal)
                {
                    AddRefusal(job, refusal);
                    continue;
                }

                foreach (var (upload, item) in job.Uploads.Zip(answer.Items))
                {
                    var number = Add(job, AuditedChange.Publish(item.Id, item.Hash, upload.Digest), item.IsNew ? null : AuditEntry.Unchanged);
                    begun.AddRange(item.IsNew ? [number] : Array.Empty<long>());
                }
            }
        });
        return begun;
    }

    /// <summary>It is published: for good, whatever comes of this.</summary>
    public void End(List<DeskJob.Publish> jobs, IReadOnlyList<PublishAnswer> answers, List<long> begun)
    {
        try
        {
            database.Audit.Together(() =>
            {
                begun.ForEach(number => database.Audit.Finish(number, AuditEntry.Done));
                foreach (var (upload, item) in jobs.Zip(answers).Where(pair => pair.Second.Refusal is null)
                    .SelectMany(pair => pair.First.Uploads.Zip(pair.Second.Items)).Where(pair => pair.Second.IsSameFile))
                {
                    database.Receipts.Add(upload.Digest, item.Id, time.GetUtcNow());
                }
            });
        }
        catch (Exception error) when (error is RepositoryException or SystemCallException)
        {
            // A full disk: the entries stay open until the next start.
        }
    }

    /// <summary>What says that an upload was published, and is not so any more, would keep it from being uploaded again.</summary>
    public void TryForget(UploadName upload)
    {
        try
        {
            database.Receipts.Remove(upload.Digest);
        }
        catch (Exception error) when (error is RepositoryException or SystemCallException)
        {
        }
    }

    /// <summary>A change that is one of its own.</summary>
    public bool Around(DeskJob job, AuditedChange change, Func<bool> apply)
    {
        var entry = database.Audit.Add(job.Publisher.Actor, time.GetUtcNow(), change, null);
        try
        {
            var isChanged = apply();
            database.Audit.Finish(entry, isChanged ? AuditEntry.Done : AuditEntry.Unchanged);
            return isChanged;
        }
        catch (RepositoryException refusal)
        {
            database.Audit.Finish(entry, refusal.Code);
            throw;
        }
    }

    void AddRefusal(DeskJob.Publish job, Exception refusal)
    {
        if (_refusals.Take(job.Publisher.Token.Id) is null)
        {
            Add(job, new(AuditedChange.Publishing, job.LookedAt?.ToString() ?? job.Uploads[0].Name, refusal.Message), LocalLog.CodeOf(refusal));
        }
    }

    long Add(DeskJob job, AuditedChange change, string? result) => database.Audit.Add(job.Publisher.Actor, time.GetUtcNow(), change, result);
}
