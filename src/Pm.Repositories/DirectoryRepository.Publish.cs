using Pm.Codecs;
using Pm.Linux;
using Pm.Packages;
using Pm.Repositories.Auditing;

namespace Pm.Repositories;

/// <content>Publishing.</content>
public sealed partial class DirectoryRepository
{
    /// <summary>Publishes packages in one new state: all of them, or where one is refused none.</summary>
    /// <param name="files">Paths of <c>.pkg</c> files; absolute.</param>
    /// <param name="options">Whose packages are taken.</param>
    /// <param name="access">Who publishes.</param>
    /// <exception cref="RepositoryException">PM5003: the version is there with another content; PM5007: two packages with one file name.</exception>
    /// <exception cref="Trust.TrustException">A package is not signed by somebody who is trusted.</exception>
    /// <exception cref="PackageFormatException">A file is not a package, or an altered one.</exception>
    public IReadOnlyList<PublishedItem> Publish(IReadOnlyList<string> files, PublishOptions options, RepositoryAccess access)
    {
        var request = new PublishRequest([.. files.Select(path => new PublishFile(path, path))], options);
        LocalLog? log = null;
        try
        {
            // Under the lock, and before anything becomes visible.
            var answers = PublishTogether([request], access, decided => Begin(log = LocalLog.Open(this, access), files, decided[0]));
            log?.End(AuditEntry.Done);
            return answers[0].Items;
        }
        finally
        {
            log?.Dispose();
        }
    }

    static void Begin(LocalLog log, IReadOnlyList<string> files, PublishAnswer answer)
    {
        if (answer.Refusal is { } refusal)
        {
            log.Refuse(new(AuditedChange.Publishing, string.Join(' ', files.Select(System.IO.Path.GetFileName)), refusal.Message), refusal);
            return;
        }

        log.Begin(answer.Items.Where(item => item.IsNew).Select(item => AuditedChange.Publish(item.Id, item.Hash, DigestOf(item))));
    }

    static Sha256Digest? DigestOf(PublishedItem item)
    {
        if (item.Hash is not null)
        {
            return null;
        }

        using var pkg = File.OpenRead(item.File);
        return Sha256Digest.Of(pkg);
    }

    /// <summary>
    /// Publishes what several ask for in one new state. Each of them gets all or nothing, in the order in which they
    /// stand: who comes later and asks for the same version with other content is refused.
    /// </summary>
    /// <param name="requests">What they ask for.</param>
    /// <param name="access">Who publishes.</param>
    /// <param name="decided">Told the answers before anything becomes visible; where it throws nothing does.</param>
    /// <returns>An answer for each request.</returns>
    /// <exception cref="SystemCallException">The disk refused: nobody got anything.</exception>
    public IReadOnlyList<PublishAnswer> PublishTogether(
        IReadOnlyList<PublishRequest> requests, RepositoryAccess access, Action<IReadOnlyList<PublishAnswer>>? decided = null)
    {
        using var writer = OpenWriter(access);
        try
        {
            var state = RepositoryState.Load(writer.Served);
            var commit = Commit(writer, state, access);
            using var round = new PublishRound(writer, state, access.Time.GetUtcNow(), access.Cancellation);
            var answers = requests.Select(round.Take).ToList();
            round.RequireSigners(commit);
            decided?.Invoke(answers);
            round.Publish(commit);
            return answers;
        }
        finally
        {
            // What a refusal left staged. After a failed disk the next writer does it.
            writer.TryRemoveStaged();
        }
    }
}
