using Microsoft.Win32.SafeHandles;
using Pm.Linux;
using Pm.Trust;
using Pm.Trust.Tuf;

namespace Pm.Remotes;

/// <summary>
/// A client of any TUF repository: keeps its metadata in one directory, under unversioned names, and fetches its targets into another.
/// It goes by the same rules as <see cref="RepositoryClient"/>, and asks for no file twice.
/// </summary>
public sealed class TufClient : IDisposable
{
    /// <summary>Name in messages.</summary>
    const string Name = "tuf";

    const int BufferSize = 64 * 1024;
    const int FileMode = 0x1a4; // 0644

    readonly RepositoryClient _client;
    readonly IFetcher? _targets;
    readonly DateTimeOffset _now;
    TrustedMetadataSet? _set;

    /// <param name="metadataDirectory">Absolute path: where what is believed is kept.</param>
    /// <param name="metadata">Where the metadata comes from; ended with this.</param>
    /// <param name="targets">Where the targets come from; ended with this. Null: nothing is downloaded.</param>
    /// <param name="now">The one time of this run (TUF 5.1).</param>
    public TufClient(string metadataDirectory, IFetcher metadata, IFetcher? targets, DateTimeOffset now)
    {
        _client = new RepositoryClient(Name, metadata, metadataDirectory) { IsFlat = true };
        _targets = targets;
        _now = now;
    }

    /// <summary>Makes a root.json the one to start from; what it says is looked at when it is used.</summary>
    public static void Trust(string metadataDirectory, ReadOnlyMemory<byte> root) =>
        new MetadataDirectory(metadataDirectory).Replace(RepositoryClient.RootName, root);

    /// <summary>Brings root, timestamp, snapshot and targets up to date (TUF 5.2–5.6.6), once for the life of this.</summary>
    /// <exception cref="TrustException">Something was refused; what was believed before it is kept.</exception>
    /// <exception cref="RemoteException">Something cannot be had.</exception>
    public async Task RefreshAsync(CancellationToken cancellationToken) => _set ??= await _client.RefreshAsync(_now, cancellationToken);

    /// <summary>Makes sure that a target is in a directory as the repository has it now (TUF 5.6.7, 5.7).</summary>
    /// <param name="path">Of the target: data, which may be anything.</param>
    /// <param name="directory">Absolute path; made when it is needed.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The file, and whether it had to be fetched.</returns>
    /// <exception cref="TrustException">Something was refused.</exception>
    /// <exception cref="RemoteException">PM6009: no role names it; others: it cannot be had, or is not what was signed.</exception>
    public async Task<(string File, bool IsFetched)> DownloadAsync(string path, string directory, CancellationToken cancellationToken)
    {
        await RefreshAsync(cancellationToken);
        var search = await _client.SearchAsync(_set!, path, cancellationToken);
        var target = search.Found ?? throw new RemoteException("PM6009", search.IsCutOff
            ? $"target `{ShownText.Of(path)}`: not found within the {MetadataLimits.SearchedRoles} roles that are asked for one"
            : $"target `{ShownText.Of(path)}`: no role that may speak for it names it");
        var name = FileNameOf(path);
        using var handle = DirectoryHandle.OpenOrMake(directory, RepositoryClient.DirectoryMode);
        var isFetched = !IsThere(handle, name, target);
        if (isFetched)
        {
            await FetchAsync(handle, name, path, target, cancellationToken);
        }

        return (Path.Join(directory, name), isFetched);
    }

    public void Dispose()
    {
        _client.Dispose();
        _targets?.Dispose();
    }

    /// <summary>One file for a path, whatever it holds; three paths would be names of no file or of a directory.</summary>
    static string FileNameOf(string path) => path is "" or "." or ".." ? $"={path}" : DataFileName.Of(path);

    /// <summary>Whether an earlier run fetched it, and it is still what is signed.</summary>
    static bool IsThere(DirectoryHandle directory, string name, TargetFile target)
    {
        if (directory.Status(name) is not { IsRegular: true } status || status.Size != target.Length)
        {
            return false;
        }

        using var file = new FileStream(directory.OpenRead(name), FileAccess.Read, bufferSize: 0);
        using var check = new TargetCheck(target);
        var buffer = new byte[BufferSize];
        for (int read; (read = file.Read(buffer)) > 0;)
        {
            check.Append(buffer.AsSpan(0, read));
        }

        return check.Matches(out _);
    }

    async Task FetchAsync(DirectoryHandle directory, string name, string path, TargetFile target, CancellationToken cancellationToken)
    {
        var fetcher = _targets ?? throw new InvalidOperationException("nobody said where targets come from");
        var served = _set!.Root.Content.IsConsistentSnapshot ? target.ConsistentPath(path) : path;
        var request = new FetchRequest(served, target.Length) { IsRequired = true, EscapedPath = RepositoryPath.Escape(served, fetcher.Location) };
        await using var body = (await fetcher.OpenAsync(request, cancellationToken)
            ?? throw new RemoteException("PM6009", $"{fetcher.Location}/{request.EscapedPath}: the metadata names this target, and it is not there")).Content;
        var temporary = DurableFile.TemporaryName();
        try
        {
            using (var file = directory.CreateFile(temporary, FileMode))
            {
                await WriteAsync(body, file, target, $"{fetcher.Location}/{request.EscapedPath}", cancellationToken);
                FileWriting.Sync(file);
            }

            directory.Rename(temporary, directory, name);
            directory.Sync();
        }
        catch
        {
            // Nothing that is not what was signed stays, under no name.
            Remove(directory, temporary);
            throw;
        }
    }

    static async Task WriteAsync(Stream body, SafeFileHandle file, TargetFile target, string source, CancellationToken cancellationToken)
    {
        using var check = new TargetCheck(target);
        var buffer = new byte[BufferSize];
        for (int read; (read = await body.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            check.Append(buffer.AsSpan(0, read));
            FileWriting.Write(file, buffer.AsSpan(0, read));
        }

        if (!check.Matches(out var difference))
        {
            throw new RemoteException("PM6006", $"{source}: not the target that was signed: {difference}");
        }
    }

    static void Remove(DirectoryHandle directory, string name)
    {
        if (directory.Status(name) is not null)
        {
            directory.Unlink(name);
        }
    }
}
