using Pm.Linux;

namespace Pm.Remotes;

/// <summary>Fetches from a repository in a directory. No symbolic link in it is followed and no pipe waited for.</summary>
public sealed class FileFetcher : IFetcher
{
    readonly DirectoryHandle _directory;

    FileFetcher(DirectoryHandle directory, string location)
    {
        _directory = directory;
        Location = location;
    }

    public string Location { get; }

    /// <summary>Opens the directory: the one with <c>keys/</c> and <c>repository/</c> in it, or <c>repository/</c> itself.</summary>
    /// <exception cref="RemoteException">PM6003: there is none, or it may not be read.</exception>
    public static FileFetcher Open(RemoteUrl url)
    {
        if (url.Path is not { } path)
        {
            throw new ArgumentException($"`{url}` is not a directory of this machine", nameof(url));
        }

        try
        {
            var directory = DirectoryHandle.Open(path);
            if (directory.Status("repository") is { IsDirectory: true } && directory.Status("1.root.json") is null)
            {
                using var outer = directory;
                directory = outer.OpenBeneath("repository");
            }

            return new FileFetcher(directory, url.Text);
        }
        catch (SystemCallException exception)
        {
            throw Unreadable(url.Text, exception);
        }
    }

    public Task<FetchedBody?> OpenAsync(FetchRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        cancellationToken.ThrowIfCancellationRequested();
        RepositoryPath.Check(request.Path, Location);
        var name = $"{Location}/{request.Path}";
        try
        {
            return Task.FromResult<FetchedBody?>(Open(request, name));
        }
        catch (SystemCallException exception) when (exception.Errno is Errno.ENOENT or Errno.ENOTDIR or Errno.ENAMETOOLONG)
        {
            return Task.FromResult<FetchedBody?>(null);
        }
        catch (SystemCallException exception)
        {
            throw Unreadable(name, exception);
        }
    }

    public void Dispose() => _directory.Dispose();

    FetchedBody Open(FetchRequest request, string name)
    {
        var slash = request.Path.LastIndexOf('/');
        using var parent = slash < 0 ? null : _directory.OpenBeneath(request.Path[..slash]);
        var file = (parent ?? _directory).OpenRead(request.Path[(slash + 1)..]);
        var status = OpenFile.Status(file);
        if (status.Size > request.MaximumLength)
        {
            file.Dispose();
            throw new RemoteException("PM6004", $"{name}: expected at most {request.MaximumLength} bytes, got {status.Size}");
        }

        var validator = $"{status.Modified.UtcTicks}-{status.Size}";
        var isSame = request.Validator is null || request.Validator == validator;
        var offset = isSame && request.Offset <= status.Size ? request.Offset : 0;

        // Unbuffered: who reads it has a buffer. It may still grow while it is read.
        var stream = new FileStream(file, FileAccess.Read, bufferSize: 0) { Position = offset };
        return new FetchedBody(new LimitedStream(stream, request.MaximumLength - offset, name), Location)
        {
            Offset = offset,
            Validator = validator,
            TotalLength = status.Size,
        };
    }

    static RemoteException Unreadable(string name, SystemCallException exception) => new(
        "PM6003",
        exception.Errno is Errno.ELOOP ? $"{name}: expected a file, got a symbolic link, which is not followed" : $"{name}: {exception.Message}",
        inner: exception);
}
