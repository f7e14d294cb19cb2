using Pm.Linux;
using Pm.Storage.Keys;
using Pm.Trust.Tuf;

namespace Pm.Repositories;

/// <content>Making a repository.</content>
public sealed partial class DirectoryRepository
{
    static readonly string[] OwnNames =
        [RepositoryLayout.Keys, RepositoryLayout.Staged, RepositoryLayout.Served, RepositoryLayout.State, Keyring.DirectoryName,
            RepositorySettings.FileName, RepositoryLayout.Index];

    /// <summary>Makes an empty repository with a new key for each role. One whose making was interrupted is finished.</summary>
    /// <exception cref="RepositoryException">PM5002: there is one already, or the directory holds something else.</exception>
    public static DirectoryRepository Init(string path, RoleLifetimes lifetimes, RepositoryAccess access) =>
        Init(path, lifetimes, RepositorySettings.DefaultBinsAbove, access);

    /// <summary>As the other, where <paramref name="binsAbove"/> says with how many more targets they go to hashed bins.</summary>
    /// <exception cref="RepositoryException">PM5002: there is one already, or the directory holds something else.</exception>
    public static DirectoryRepository Init(string path, RoleLifetimes lifetimes, int binsAbove, RepositoryAccess access)
    {
        var settings = new RepositorySettings { Lifetimes = lifetimes.Checked("--expires"), BinsAbove = binsAbove };
        using (var directory = DirectoryHandle.OpenOrMake(path, RepositoryLayout.ServedDirectoryMode))
        {
            RequireUnused(directory);
            MakeDirectories(directory);
            DurableFile.Replace(directory, RepositorySettings.FileName, settings.ToBytes());
            directory.Sync();
        }

        using var writer = RepositoryWriter.Open(path, access);
        if (writer.Served.Status(RepositoryLayout.Metadata("timestamp")) is not null)
        {
            throw new RepositoryException("PM5002", $"{path}: another process made a repository here meanwhile");
        }

        MakeFirstState(writer, settings, access);
        return Open(path);
    }

    static void MakeFirstState(RepositoryWriter writer, RepositorySettings settings, RepositoryAccess access)
    {
        var keys = RootMetadata.TopLevelRoles.ToDictionary(role => role, role => KeyOf(writer, role));
        var commit = new MetadataCommit(writer, settings, access.Time.GetUtcNow());
        var root = new RootMetadata
        {
            Version = 1,
            Expires = commit.Expiry("root"),
            Keys = keys.Values.ToDictionary(key => key.Public.Id, key => key.Public),
            Roles = keys.ToDictionary(pair => pair.Key, pair => new RoleKeys([pair.Value.Public.Id], 1)),
        };
        commit.PublishRoot(root, [keys["root"]]);
        commit.PublishFirst();
    }

    /// <summary>A key that an interrupted init made is used: nothing was signed by it that anybody saw.</summary>
    static SecretKey KeyOf(RepositoryWriter writer, string role)
    {
        if (writer.Keys.Find(role) is [var found, ..])
        {
            return found;
        }

        var made = SecretKey.Create();
        writer.Keys.Replace(role, [made]);
        return made;
    }

    static void RequireUnused(DirectoryHandle directory)
    {
        if (FileStatus.OfLink($"{directory.Path}/{RepositoryLayout.Served}/{RepositoryLayout.Metadata("timestamp")}") is not null)
        {
            throw new RepositoryException("PM5002", $"{directory.Path}: it is a repository already", $"pm repo list {directory.Path}");
        }

        foreach (var entry in directory.Entries())
        {
            if (!OwnNames.Contains(entry.Name) && !entry.Name.StartsWith(DurableFile.TemporaryPrefix, StringComparison.Ordinal))
            {
                throw new RepositoryException("PM5002",
                    $"{directory.Path}: expected an empty directory, it holds `{Trust.ShownText.Of(entry.Name)}`");
            }
        }
    }

    static void MakeDirectories(DirectoryHandle directory)
    {
        foreach (var entry in directory.Entries().ToList())
        {
            if (entry.Name.StartsWith(DurableFile.TemporaryPrefix, StringComparison.Ordinal))
            {
                directory.Unlink(entry.Name);
            }
        }

        Make(directory, RepositoryLayout.Keys, RepositoryLayout.KeyDirectoryMode);
        Make(directory, RepositoryLayout.Staged, RepositoryLayout.KeyDirectoryMode);
        Make(directory, RepositoryLayout.Served, RepositoryLayout.ServedDirectoryMode);
        using (var staged = directory.OpenBeneath(RepositoryLayout.Staged))
        {
            Make(staged, RepositoryLayout.Targets, RepositoryLayout.KeyDirectoryMode);
            staged.Sync();
        }

        using var served = directory.OpenBeneath(RepositoryLayout.Served);
        Make(served, RepositoryLayout.Blobs, RepositoryLayout.ServedDirectoryMode);
        Make(served, RepositoryLayout.Targets, RepositoryLayout.ServedDirectoryMode);
        Make(served, RepositoryLayout.Signatures, RepositoryLayout.ServedDirectoryMode);
        served.Sync();
    }

    static void Make(DirectoryHandle directory, string name, int mode)
    {
        if (directory.Status(name) is null)
        {
            directory.MakeDirectory(name, mode);
        }
    }
}
