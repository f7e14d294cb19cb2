using System.Buffers;
using Microsoft.Win32.SafeHandles;
using Pm.Codecs;
using Pm.Linux;
using Pm.Remotes;
using Pm.Storage.Packing;

namespace Pm.Stages.Changes;

/// <summary>
/// A <c>.pkg</c> that was named by a URL, copied from there: what was held against the URL's digest is what is read later, whoever
/// may write the original. It has no name on the disk and goes when this is disposed.
/// </summary>
public sealed class DownloadedFile : IDisposable
{
    /// <summary>Nothing signed says how long it is: no package is as long.</summary>
    public const long MaximumSize = 64L * 1024 * 1024 * 1024;

    const int CopyBuffer = 256 * 1024;

    readonly SafeFileHandle _file;

    DownloadedFile(SafeFileHandle file) => _file = file;

    /// <summary>Opens anew what has no name any more.</summary>
    public string Path => $"/proc/self/fd/{_file.DangerousGetHandle()}";

    /// <param name="fetchers">How the web is reached.</param>
    /// <param name="url">Of http or https.</param>
    /// <param name="scratch">A directory that is there.</param>
    /// <param name="observer">Told how much came.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="RemoteException">Not there, or PM6006: not the bytes that the URL says.</exception>
    public static async Task<DownloadedFile> FetchAsync(
        Fetchers fetchers, PackageUrl url, string scratch, StageObserver observer, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(fetchers);
        ArgumentNullException.ThrowIfNull(url);
        ArgumentNullException.ThrowIfNull(observer);
        var body = await fetchers.OpenAsync(url, MaximumSize, cancellation);
        await using var content = body.Content;
        observer.Expecting?.Invoke(body.TotalLength ?? 0);
        return await TakeAsync(content, url, scratch, observer, cancellation);
    }

    /// <param name="path">What <paramref name="url"/> names on this machine.</param>
    /// <param name="url">Of file.</param>
    /// <param name="scratch">A directory that is there.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="RemoteException">PM6006: not the bytes that the URL says.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static async Task<DownloadedFile> CopyAsync(string path, PackageUrl url, string scratch, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(url);
        await using var content = File.OpenRead(path);
        return await TakeAsync(content, url, scratch, StageObserver.None, cancellation);
    }

    /// <param name="write">Writes what is in it; the file counts only when that returns.</param>
    /// <param name="scratch">A directory that is there.</param>
    public static async Task<DownloadedFile> WriteAsync(Func<Stream, Task> write, string scratch)
    {
        ArgumentNullException.ThrowIfNull(write);
        var file = ScratchFile.CreateHandle(scratch);
        try
        {
            await write(FileWriting.Stream(file, scratch));
            return new DownloadedFile(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void Dispose() => _file.Dispose();

    static async Task<DownloadedFile> TakeAsync(
        Stream content, PackageUrl url, string scratch, StageObserver observer, CancellationToken cancellation)
    {
        var file = ScratchFile.CreateHandle(scratch);
        try
        {
            var digest = await CopyAsync(content, FileWriting.Stream(file, scratch), observer, cancellation);
            return url.Digest is { } expected && digest != expected
                ? throw new RemoteException("PM6006", $"{url}: expected sha256 {expected}, got {digest}", "look at the digest in the URL; if it is right, what is there was changed: ask its publisher")
                : new DownloadedFile(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    static async Task<Sha256Digest> CopyAsync(Stream content, Stream file, StageObserver observer, CancellationToken cancellation)
    {
        using var digest = new DigestContext(DigestAlgorithm.Sha256);
        var buffer = ArrayPool<byte>.Shared.Rent(CopyBuffer);
        try
        {
            for (int count; (count = await content.ReadAsync(buffer, cancellation)) > 0;)
            {
                digest.Append(buffer.AsSpan(0, count));
                file.Write(buffer.AsSpan(0, count));
                observer.Received?.Invoke(count);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        var bytes = new byte[Sha256Digest.Size];
        digest.Finish(bytes);
        return new Sha256Digest(bytes);
    }
}
