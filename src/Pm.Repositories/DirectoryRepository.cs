using Pm.Linux;
using Pm.Packages.Index;
using Pm.Trust.Tuf;

namespace Pm.Repositories;

/// <summary>
/// A repository in a directory: <c>keys/</c> and <c>staged/</c> beside <c>repository/</c>, of which only the last is ever
/// served. Every change is one new timestamp: readers find the old state or the new. Source: docs/formats/repository.md.
/// </summary>
public sealed partial class DirectoryRepository
{
    /// <summary>With more targets than this they go to hashed bins, where nothing else was chosen.</summary>
    public const int UsualBinsAbove = RepositorySettings.DefaultBinsAbove;

    readonly RepositorySettings _settings;

    DirectoryRepository(string path, RepositorySettings settings)
    {
        Path = path;
        _settings = settings;
    }

    /// <summary>The directory with <c>repository/</c> in it; absolute.</summary>
    public string Path { get; }

    /// <summary>What may be served to anybody.</summary>
    public string ServedPath => System.IO.Path.Join(Path, RepositoryLayout.Served);

    /// <summary>What a person types to trust this repository for the first time; <c>sha256sum repository/root.json</c> says it too.</summary>
    public RootFingerprint Fingerprint => With(state => RootFingerprint.Of(state.RootBytes));

    /// <summary>Until when clients believe the present state.</summary>
    /// <remarks>Bins are renewed long before their end, and not looked at.</remarks>
    public DateTimeOffset Expires => With(state =>
        ((DateTimeOffset[])[state.Root.Expires, state.Targets.Expires, state.Snapshot.Expires, state.Timestamp.Expires]).Min());

    /// <summary>Opens the repository at <paramref name="path"/>.</summary>
    /// <exception cref="RepositoryException">PM5001: there is none.</exception>
    public static DirectoryRepository Open(string path)
    {
        var served = System.IO.Path.Join(path, RepositoryLayout.Served);
        using var directory = DirectoryHandle.TryOpen(path);
        if (directory is null || FileStatus.OfLink(System.IO.Path.Join(served, RepositoryLayout.Metadata("timestamp"))) is null)
        {
            throw directory?.Status(RepositoryLayout.Pending) is not null
                ? new RepositoryException("PM5001", $"{path}: not a repository yet: its root waits for signatures", $"pm repo sign {path}/{RepositoryLayout.Pending} says for whose")
                : new RepositoryException("PM5001", $"{path}: not a repository: {served}/timestamp.json is not there", $"pm repo init {path}");
        }

        var settings = directory.TryReadFile(RepositorySettings.FileName, RepositorySettings.MaximumLength);
        return new DirectoryRepository(path, settings is null
            ? new RepositorySettings()
            : RepositorySettings.Parse(settings, System.IO.Path.Join(path, RepositorySettings.FileName)));
    }

    /// <summary>Everything that is published, by name and version.</summary>
    /// <exception cref="RepositoryException">PM5008: the metadata is damaged.</exception>
    public IReadOnlyList<PublishedTarget> List() =>
        With(state => state.All().Select(published => published.Target).OrderBy(target => target.Package.Id).ToList());

    T With<T>(Func<RepositoryState, T> read)
    {
        using var served = DirectoryHandle.Open(ServedPath);
        return read(RepositoryState.Load(served));
    }

    MetadataCommit Commit(RepositoryWriter writer, RepositoryState state, RepositoryAccess access) =>
        new(writer, _settings, access.Time.GetUtcNow(), state.Root);
}
