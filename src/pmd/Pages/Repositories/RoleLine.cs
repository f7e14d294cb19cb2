using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Pm.Repositories.Serving;
using Pm.Trust.Tuf;

namespace Pm.Daemon.Pages.Repositories;

/// <summary>Who vouches for a part of a repository's metadata, and until when.</summary>
/// <param name="Name">Of the role.</param>
/// <param name="Version">Of its metadata.</param>
/// <param name="Expires">Until when clients believe it.</param>
/// <param name="IsExpired">Whether they do no more.</param>
/// <param name="Threshold">How many of the keys have to sign.</param>
/// <param name="Keys">Those that may.</param>
public sealed record RoleLine(
    string Name,
    long Version,
    DateTimeOffset Expires,
    [property: JsonPropertyName("expired")] bool IsExpired,
    int Threshold,
    ImmutableArray<RoleKey> Keys)
{
    const int MostKeys = 10;

    internal static RoleLine Of(RepositoryRole role, RootMetadata root, DateTimeOffset now) => new(
        role.Name, role.Version, role.Expires, role.Expires <= now, role.Keys.Threshold,
        [.. role.Keys.KeyIds.Take(MostKeys).Select(id => new RoleKey(id, root.Keys.GetValueOrDefault(id)?.PublicHex))]);
}
