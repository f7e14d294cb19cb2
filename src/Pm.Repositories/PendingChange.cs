using Pm.Linux;
using Pm.Trust;
using Pm.Trust.Tuf.Changes;

namespace Pm.Repositories;

/// <summary><c>DIR/pending.json</c>: the one change that waits for signatures of keys that lie elsewhere.</summary>
static class PendingChange
{
    const int Mode = 0x1a4; // 0644: it holds nothing secret, and is there to be carried about

    /// <summary>Whether one waits.</summary>
    public static bool IsThere(DirectoryHandle home) => home.Status(RepositoryLayout.Pending) is not null;

    /// <summary>Whether a new version of root or targets would make it stale: of the root always, of targets where it holds them.</summary>
    public static bool Waits(DirectoryHandle home, string role) => IsThere(home) && (role == "root" || (role == "targets" && HoldsTargets(home)));

    /// <returns>Null: none waits.</returns>
    /// <exception cref="RepositoryException">PM5008: the file is damaged.</exception>
    public static RepositoryChange? Read(DirectoryHandle home)
    {
        if (home.TryReadFile(RepositoryLayout.Pending, RepositoryChange.MaximumLength) is not { } bytes)
        {
            return null;
        }

        try
        {
            return RepositoryChange.Parse(bytes, $"{home.Path}/{RepositoryLayout.Pending}");
        }
        catch (TrustException exception)
        {
            throw new RepositoryException("PM5008", exception.Message, $"pm repo sign --drop --repo {home.Path}", exception);
        }
    }

    public static void Write(DirectoryHandle home, RepositoryChange change) =>
        DurableFile.Replace(home, RepositoryLayout.Pending, change.ToBytes(), Mode);

    static bool HoldsTargets(DirectoryHandle home)
    {
        try
        {
            return Read(home) is { Targets: not null };
        }
        catch (RepositoryException)
        {
            // Damaged: a copy of it may come back, and what that holds nobody knows.
            return true;
        }
    }

    public static void Remove(DirectoryHandle home)
    {
        if (IsThere(home))
        {
            home.Unlink(RepositoryLayout.Pending);
            home.Sync();
        }
    }
}
