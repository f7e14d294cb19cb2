using Pm.Linux;

namespace Pm.Repositories;

/// <summary><c>DIR/pmd/</c>: what pmd keeps of a repository. Only the repository's owner enters it.</summary>
static class StateDirectory
{
    const int Everybody = 0x3f; // 0077

    /// <remarks>
    /// Its owner is the repository's: the super-user makes a token, and the pmd of another user goes on with it.
    /// </remarks>
    public static DirectoryHandle OpenOrMake(string repository)
    {
        using var parent = DirectoryHandle.Open(repository);
        if (parent.Status(RepositoryLayout.State) is not { } there)
        {
            parent.MakeDirectory(RepositoryLayout.State, RepositoryLayout.KeyDirectoryMode);
            GiveTo(parent.Status(), parent, RepositoryLayout.State);
            parent.Sync();
        }
        else if ((there.Mode & Everybody) != 0)
        {
            throw new RepositoryException(
                "PM5023", $"{repository}/{RepositoryLayout.State}: others may enter it: expected mode 0700, got 0{Convert.ToString(there.Mode, 8)}",
                $"chmod 700 {repository}/{RepositoryLayout.State}");
        }

        return parent.OpenBeneath(RepositoryLayout.State);
    }

    /// <summary>Makes an empty file that only the owner reads.</summary>
    public static void MakeFile(DirectoryHandle directory, string name)
    {
        try
        {
            directory.CreateFile(name, RepositoryLayout.KeyFileMode).Dispose();
            GiveTo(directory.Status(), directory, name);
            directory.Sync();
        }
        catch (SystemCallException e) when (e.Errno == Errno.EEXIST)
        {
            // Another process was faster.
        }
    }

    static void GiveTo(FileStatus owner, DirectoryHandle directory, string name)
    {
        if (SystemUser.IsRoot && owner.Owner != SystemUser.EffectiveUserId)
        {
            directory.SetOwner(name, owner.Owner, owner.Group);
        }
    }
}
