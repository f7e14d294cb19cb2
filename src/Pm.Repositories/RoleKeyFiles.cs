using System.Collections.Immutable;
using Pm.Linux;
using Pm.Trust;
using Pm.Trust.Tuf;

namespace Pm.Repositories;

/// <summary>The secret keys of the roles: <c>keys/ROLE.json</c>, 0600 in a directory 0700. Some may lie elsewhere.</summary>
/// <param name="directory"><c>keys/</c>; null: it is not there yet.</param>
/// <param name="brought">Keys that lie elsewhere and are there for this one change, of whichever roles.</param>
/// <param name="home">Of the repository; needed where <c>keys/</c> is not there.</param>
sealed class RoleKeyFiles(DirectoryHandle? directory, IReadOnlyList<SecretKey> brought, string? home = null)
{
    const int MaximumLength = 1024 * 1024;

    public ImmutableArray<SecretKey> Find(string role)
    {
        var name = RepositoryLayout.Metadata(role);
        if (directory?.TryReadFile(name, MaximumLength) is not { } bytes)
        {
            return [];
        }

        try
        {
            return KeyFile.Parse(bytes, $"{directory.Path}/{name}");
        }
        catch (TrustException exception)
        {
            throw new RepositoryException("PM5006", exception.Message, inner: exception);
        }
    }

    /// <summary>Those that sign for a role: of the keys that it names, all that are here or were brought.</summary>
    /// <param name="role">The role.</param>
    /// <param name="wanted">While its keys are exchanged, the old ones and the new.</param>
    /// <exception cref="RepositoryException">PM5006: too few for one of them.</exception>
    public ImmutableArray<SecretKey> Signers(string role, params RoleKeys?[] wanted)
    {
        var found = Known(role);
        foreach (var keys in wanted.OfType<RoleKeys>())
        {
            var count = found.Count(key => keys.KeyIds.Contains(key.Public.Id));
            if (count < keys.Threshold)
            {
                throw Missing(role, keys, count);
            }
        }

        return [.. found.Where(key => wanted.Any(keys => keys?.KeyIds.Contains(key.Public.Id) ?? false))];
    }

    /// <summary>Whether enough of a role's keys are in <c>keys/</c> or were brought.</summary>
    public bool CanSign(string role, RoleKeys keys) => Known(role).Count(key => keys.KeyIds.Contains(key.Public.Id)) >= keys.Threshold;

    /// <summary>Whether enough of a role's keys are in <c>keys/</c>.</summary>
    public bool IsHere(string role, RoleKeys keys) => Find(role).Count(key => keys.KeyIds.Contains(key.Public.Id)) >= keys.Threshold;

    /// <summary>The keys in a role's file, and all that were brought.</summary>
    public ImmutableArray<SecretKey> Known(string role) => [.. Find(role).Concat(brought).DistinctBy(key => key.Public.Id)];

    /// <summary>The repository that they are in.</summary>
    public string Home => home ?? Path.GetDirectoryName(directory?.Path) ?? "DIR";

    /// <summary>Writes a role's file; without keys there is none.</summary>
    public void Replace(string role, IReadOnlyCollection<SecretKey> keys)
    {
        var name = RepositoryLayout.Metadata(role);
        if (keys.Count > 0)
        {
            DurableFile.Replace(directory!, name, KeyFile.ToBytes(keys), RepositoryLayout.KeyFileMode);
        }
        else if (directory!.Status(name) is not null)
        {
            directory.Unlink(name);
            directory.Sync();
        }
    }

    RepositoryException Missing(string role, RoleKeys keys, int count) => new(
        "PM5006",
        keys.KeyIds.Count == 1
            ? $"{Home}/{RepositoryLayout.Keys}/{RepositoryLayout.Metadata(role)}: the key of the {role} role is not there, and this needs its signature"
            : $"the {role} role needs the signatures of {keys.Threshold} of its {keys.KeyIds.Count} keys, and {Home}/{RepositoryLayout.Keys}/{RepositoryLayout.Metadata(role)} has {count} of them",
        role is "root" or "targets"
            ? $"`--key FILE` brings a key for once, where the command takes it; `pm repo key --add {role}=FILE {Home}` and `pm repo refresh --role {role} {Home}` wait for signatures"
            : $"put it back from a backup, or replace what is lost: {LostKeys.Command(Home, this, role)}");
}
