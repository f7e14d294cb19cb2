using Pm.Repositories.Auditing;
using Pm.Trust.Tuf;

namespace Pm.Repositories;

/// <summary>Who changes a repository, and how long it waits for others.</summary>
/// <param name="Holder">The command line, which others see while this one has the lock.</param>
/// <param name="Time">The clock.</param>
public sealed record RepositoryAccess(string Holder, TimeProvider Time)
{
    /// <summary>Who it is in the log; null: the caller keeps it.</summary>
    public AuditActor? Actor { get; init; }

    /// <summary>Keys of roles that lie elsewhere and were brought for this change: they sign, and are not kept.</summary>
    public IReadOnlyList<SecretKey> Keys { get; init; } = [];

    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromMinutes(1);

    public CancellationToken Cancellation { get; init; } = CancellationToken.None;
}
