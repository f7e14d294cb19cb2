namespace Pm.Repositories;

/// <summary>For how long each role's metadata is vouched for after it was signed, in days.</summary>
public sealed record RoleLifetimes
{
    /// <summary>The longest that may be set: ten years.</summary>
    public const int MaximumDays = 3650;

    /// <summary>Longer than the others: renewing it needs the root key, which can lie offline.</summary>
    public int Root { get; init; } = 365;

    public int Targets { get; init; } = 30;

    public int Snapshot { get; init; } = 30;

    public int Timestamp { get; init; } = 30;

    /// <summary>Longer than the others: whoever pulls reads a renewed bin again, and the snapshot vouches for its age.</summary>
    public int Bins { get; init; } = 365;

    /// <summary>The same for all roles but root and bins, whose year stays unless <paramref name="days"/> is longer.</summary>
    /// <exception cref="RepositoryException">PM5010: not from 1 to <see cref="MaximumDays"/>.</exception>
    public static RoleLifetimes OfDays(int days) => new RoleLifetimes
    {
        Root = Math.Max(days, 365),
        Targets = days,
        Snapshot = days,
        Timestamp = days,
        Bins = Math.Max(days, 365),
    }.Checked("--expires");

    /// <summary>By the name of the role.</summary>
    public TimeSpan Of(string role) => TimeSpan.FromDays(role switch
    {
        "root" => Root,
        "targets" => Targets,
        "snapshot" => Snapshot,
        "timestamp" => Timestamp,
        HashBins.Role => Bins,
        _ => throw new ArgumentException($"no role `{role}`", nameof(role)),
    });

    internal RoleLifetimes Checked(string where)
    {
        foreach (var days in (int[])[Root, Targets, Snapshot, Timestamp, Bins])
        {
            if (days is < 1 or > MaximumDays)
            {
                throw new RepositoryException("PM5010", $"{where}: expected 1 to {MaximumDays} days, got {days}");
            }
        }

        return this;
    }
}
