using Pm.Trust.OpenPgp;

namespace Pm.Repositories.Auditing;

/// <summary>Entries of changes that a killed process had begun: what came of them says the repository.</summary>
sealed class OpenEntries(DirectoryRepository repository, AuditLog audit)
{
    /// <summary>Gives each the result that the repository shows.</summary>
    /// <param name="isGone">Whether who made an entry is certainly not at it any more.</param>
    public void Close(Func<AuditEntry, bool> isGone)
    {
        if (audit.Open().Where(isGone).ToList() is not { Count: > 0 } open)
        {
            return;
        }

        var published = new Lazy<ILookup<string, Packages.Index.PublishedTarget>>(
            () => repository.List().ToLookup(target => target.Package.Id.ToString()));
        audit.Together(() => open.ForEach(entry => audit.Finish(entry.Number, IsDone(entry, published) ? AuditEntry.Done : AuditEntry.Interrupted)));
    }

    bool IsDone(AuditEntry entry, Lazy<ILookup<string, Packages.Index.PublishedTarget>> published)
    {
        var there = published.Value[entry.Subject].FirstOrDefault();
        return entry.Action switch
        {
            AuditedChange.Publishing => there is not null
                && AuditedChange.Publish(there.Package.Id, there.Package.Hash, there.PkgDigest).Detail == entry.Detail,
            AuditedChange.Yanking => there is { Package.IsYanked: true },
            AuditedChange.Unyanking => there is { Package.IsYanked: false },
            AuditedChange.Removing => there is null,
            AuditedChange.Trusting => IsTrusted(entry.Subject),
            AuditedChange.Distrusting => !IsTrusted(entry.Subject),
            _ => false,
        };
    }

    bool IsTrusted(string subject) => subject == AuditedChange.NotSigned
        ? repository.AllowsUnsigned
        : Fingerprint.TryParse(subject, out var fingerprint) && repository.Publishers().Keys.TryGetValue(fingerprint, out var key)
            && key.State is TrustState.Trusted;
}
