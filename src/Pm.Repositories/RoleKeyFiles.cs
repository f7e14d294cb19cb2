using System.Collections.Immutable;
using Pm.Linux;
using Pm.Trust;
using Pm.Trust.Tuf;

namespace Pm.Repositories;

/// <summary>The secret keys of the roles: <c>keys/ROLE.json</c>, 0600 in a directory 0700. Some may lie elsewhere.</summary>
sealed class RoleKeyFiles(DirectoryHandle directory)
{
    const int MaximumLength = 1024 * 1024;

    public ImmutableArray<SecretKey> Find(string role)
    {
        var name = RepositoryLayout.Metadata(role);
        if (directory.TryReadFile(name, MaximumLength) is not { } bytes)
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

    /// <exception cref="RepositoryException">PM5006: there is none.</exception>
    public ImmutableArray<SecretKey> Require(string role)
    {
        var keys = Find(role);
        return keys.IsEmpty
            ? throw new RepositoryException("PM5006",
                $"{directory.Path}/{RepositoryLayout.Metadata(role)}: the key of the {role} role is not there, and this needs its signature")
            : keys;
    }

    public void Replace(string role, IEnumerable<SecretKey> keys) => DurableFile.Replace(
        directory, RepositoryLayout.Metadata(role), KeyFile.ToBytes(keys), RepositoryLayout.KeyFileMode);
}
