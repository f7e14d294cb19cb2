namespace Pm.Repositories.Auditing;

/// <summary>Who did what, from where, and what came of it.</summary>
/// <param name="Number">Rises by one or more with each entry.</param>
/// <param name="Time">When it began.</param>
/// <param name="Actor">The token, or the user on the machine.</param>
/// <param name="Note">What the token is for.</param>
/// <param name="Address">Of the client; null on the machine itself.</param>
/// <param name="Action">See <see cref="AuditedChange"/>; <c>token create</c>, <c>token revoke</c>.</param>
/// <param name="Subject">The package, the token, the key.</param>
/// <param name="Detail">The package hash, the reason, the scopes.</param>
/// <param name="Result"><c>ok</c>, a code, or null: it was begun and is not done yet.</param>
public sealed record AuditEntry(
    long Number, DateTimeOffset Time, string Actor, string? Note, string? Address, string Action, string Subject, string? Detail,
    string? Result)
{
    /// <summary>What was asked for was done, or was so already.</summary>
    public const string Done = "ok";

    /// <summary>It was so already.</summary>
    public const string Unchanged = "unchanged";

    /// <summary>It was begun by a process that ended, and nothing came of it.</summary>
    public const string Interrupted = "interrupted";

    /// <summary>Whether it was made by a user of the machine.</summary>
    internal bool IsLocal => Actor.StartsWith(AuditActor.User, StringComparison.Ordinal);
}
