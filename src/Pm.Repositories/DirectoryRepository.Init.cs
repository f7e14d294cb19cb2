using Pm.Linux;
using Pm.Storage.Keys;
using Pm.Trust.Tuf.Changes;

namespace Pm.Repositories;

/// <content>Making a repository.</content>
public sealed partial class DirectoryRepository
{
    static readonly string[] OwnNames =
        [RepositoryLayout.Keys, RepositoryLayout.Staged, RepositoryLayout.Served, RepositoryLayout.State, Keyring.DirectoryName,
            RepositorySettings.FileName, RepositoryLayout.Index, RepositoryLayout.Pending];

    /// <summary>Makes an empty repository with a new key for each role. One whose making was interrupted is finished.</summary>
    /// <exception cref="RepositoryException">PM5002: there is one already, or the directory holds something else.</exception>
    public static DirectoryRepository Init(string path, RoleLifetimes lifetimes, RepositoryAccess access) =>
        Init(path, lifetimes, RepositorySettings.DefaultBinsAbove, access);

    /// <summary>As the other, where <paramref name="binsAbove"/> says with how many more targets they go to hashed bins.</summary>
    /// <exception cref="RepositoryException">PM5002: there is one already, or the directory holds something else.</exception>
    public static DirectoryRepository Init(string path, RoleLifetimes lifetimes, int binsAbove, RepositoryAccess access)
    {
        Init(path, lifetimes, binsAbove, new KeyChange(), access);
        return Open(path);
    }

    /// <summary>
    /// As the others, where <paramref name="keys"/> says whose keys sign. What no key is named for gets one that lies here. Where some
    /// of those that must sign root or targets are not here nothing is published until they have.
    /// </summary>
    /// <exception cref="RepositoryException">PM5002: there is one already, or the directory holds something else; PM5013: the keys cannot be so.</exception>
    public static ChangeOutcome Init(string path, RoleLifetimes lifetimes, int binsAbove, KeyChange keys, RepositoryAccess access)
    {
        ArgumentNullException.ThrowIfNull(keys);
        var settings = new RepositorySettings { Lifetimes = lifetimes.Checked("--expires"), BinsAbove = binsAbove };
        PlanFirst(new RoleKeyFiles(null, access.Keys), settings, keys, access);
        using (var directory = DirectoryHandle.OpenOrMake(path, RepositoryLayout.ServedDirectoryMode))
        {
            RequireUnused(directory);
            MakeDirectories(directory);
        }

        using var writer = RepositoryWriter.Open(path, access);
        if (writer.Served.Status(RepositoryLayout.Metadata("timestamp")) is not null)
        {
            throw new RepositoryException("PM5002", $"{path}: another process made a repository here meanwhile");
        }

        return MakeFirstState(path, writer, settings, keys, access);
    }

    static ChangeOutcome MakeFirstState(string path, RepositoryWriter writer, RepositorySettings settings, KeyChange keys, RepositoryAccess access)
    {
        if (PendingChange.Read(writer.Home) is { } waiting)
        {
            return FinishFirstState(path, writer, waiting, keys, access.Time.GetUtcNow());
        }

        var planned = PlanFirst(writer.Keys, settings, keys, access);
        if (planned.IsTargetsOffline)
        {
            settings = settings.WithLongTargets();
            planned = PlanFirst(writer.Keys, settings, keys, access);
        }

        DurableFile.Replace(writer.Home, RepositorySettings.FileName, settings.ToBytes());
        foreach (var (role, fresh) in planned.Fresh)
        {
            // A key that an interrupted init made is used: nothing was signed by it that anybody saw.
            writer.Keys.Replace(role, fresh);
        }

        PendingChange.Write(writer.Home, planned.Change!);
        return planned.Change!.IsComplete ? Publish(path, writer, planned.Change, access.Time.GetUtcNow()) : new ChangeOutcome(planned.Change, false, null);
    }

    /// <summary>A root that keepers may have signed is not replaced by another one.</summary>
    static ChangeOutcome FinishFirstState(string path, RepositoryWriter writer, RepositoryChange waiting, KeyChange keys, DateTimeOffset now)
    {
        if (!waiting.IsComplete)
        {
            throw new RepositoryException("PM5002", $"{path}: a repository is being made here, and waits for signatures",
                $"pm repo sign {path}/{RepositoryLayout.Pending} says for whose");
        }

        waiting.RequireSound(now);
        var outcome = Publish(path, writer, waiting, now);
        return !keys.Roles.Any() ? outcome
            : throw new RepositoryException("PM5019", $"{path}: a repository was being made here, and everybody has signed: it is published now, and nothing else was done",
                $"pm repo key {path} shows the keys");
    }

    static PlannedChange PlanFirst(RoleKeyFiles files, RepositorySettings settings, KeyChange keys, RepositoryAccess access) =>
        new ChangePlanner(null, files, settings, access.Time.GetUtcNow()).Keys(keys);

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
