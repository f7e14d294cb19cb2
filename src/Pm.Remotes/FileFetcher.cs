using Pm.Linux;

namespace Pm.Remotes;

/// <summary>Fetches from a repository in a directory. No symbolic link in it is followed and no pipe waited for.</summary>
public sealed class FileFetcher : IFetcher, IDisposable
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

    public Task<Stream?> OpenAsync(string relativePath, long maximumLength, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        RepositoryPath.Check(relativePath, Location);
        var name = $"{Location}/{relativePath}";
        try
        {
            return Task.FromResult<Stream?>(Open(relativePath, maximumLength, name));
        }
        catch (SystemCallException exception) when (exception.Errno is Errno.ENOENT or Errno.ENOTDIR or Errno.ENAMETOOLONG)
        {
            return Task.FromResult<Stream?>(null);
        }
        catch (SystemCallException exception)
        {
            throw Unreadable(name, exception);
        }
    }

    public void Dispose() => _directory.Dispose();

    LimitedStream Open(string relativePath, long maximumLength, string name)
    {
        var slash = relativePath.LastIndexOf('/');
        using var parent = slash < 0 ? null : _directory.OpenBeneath(relativePath[..slash]);
        var file = (parent ?? _directory).OpenRead(relativePath[(slash + 1)..]);
        var size = OpenFile.Status(file).Size;
        if (size > maximumLength)
        {
            file.Dispose();
            throw new RemoteException("PM6004", $"{name}: expected at most {maximumLength} bytes, got {size}");
        }

        // Unbuffered: who reads it has a buffer. It may still grow while it is read.
        return new LimitedStream(new FileStream(file, FileAccess.Read, bufferSize: 0), maximumLength, name);
    }

    static RemoteException Unreadable(string name, SystemCallException exception) =>
        new("PM6003", $"{name}: {exception.Message}", inner: exception);
}
