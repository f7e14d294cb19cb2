using System.Collections.Immutable;
using Pm.Trust.OpenPgp;

namespace Pm.Storage.Keys;

/// <summary>What gpg lists about one key, public or secret.</summary>
public sealed class KeyListing
{
    /// <summary>Of the primary key.</summary>
    public required Fingerprint Fingerprint { get; init; }

    /// <summary>Those that are not revoked, in gpg's order: unverified text.</summary>
    public required ImmutableArray<string> UserIds { get; init; }

    public string UserId => UserIds.FirstOrDefault("");

    public DateTimeOffset? Created { get; init; }

    /// <summary>From when on neither it nor a subkey makes good signatures; null: never.</summary>
    public DateTimeOffset? Expires { get; init; }

    public bool IsSecret { get; init; }

    public bool IsRevoked { get; init; }

    /// <summary>At the time gpg was run.</summary>
    public bool IsExpired { get; init; }

    /// <summary>Whether it or a subkey of it can sign now, as gpg sees it.</summary>
    public bool CanSign { get; init; }
}
