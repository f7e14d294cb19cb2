namespace Pm.Repositories;

/// <summary>A role whose metadata soon is not believed any more.</summary>
/// <param name="Role">The role.</param>
/// <param name="Expires">From when on.</param>
/// <param name="Left">Until then; negative: it is over.</param>
/// <param name="IsSecretHere">Whether this machine can renew it; else its keepers must sign.</param>
public sealed record RoleExpiry(string Role, DateTimeOffset Expires, TimeSpan Left, bool IsSecretHere)
{
    /// <summary>Whether a change that waits for signatures keeps it from being renewed.</summary>
    public bool IsHeldUp { get; init; }
}
