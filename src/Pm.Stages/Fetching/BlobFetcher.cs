using System.Buffers;
using Pm.Blobs;
using Pm.Codecs;
using Pm.Packages;
using Pm.Remotes;
using Pm.Remotes.Downloads;
using Pm.Storage;

namespace Pm.Stages.Fetching;

/// <summary>Fetches blobs into a store, each verified as it streams. Safe for several blobs at once.</summary>
sealed class BlobFetcher(Store store, StageObserver observer)
{
    /// <summary>How much may be lost by who is killed: so much content is written before it is made durable.</summary>
    const long SyncPeriod = 32 * 1024 * 1024;

    const int CopyBuffer = 128 * 1024;

    /// <summary>Up to here a compressed blob is decoded in memory.</summary>
    const int MaximumInMemory = 256 * 1024;

    long _unsynced;

    /// <param name="client">From where.</param>
    /// <param name="blob">What; under its other mode it may be wanted too.</param>
    /// <param name="cancellation">Ends it; what came of a large one is kept.</param>
    /// <exception cref="BlobMismatchException">It is not what was signed.</exception>
    /// <exception cref="RemoteException">Not readable, or longer than signed.</exception>
    public async Task FetchAsync(RepositoryClient client, MissingBlob blob, CancellationToken cancellation)
    {
        if (store.Has(blob.Name.Root))
        {
            // The same content under the other mode is on this machine already.
            CopyOther(blob.Name);
            return;
        }

        await DownloadAsync(client, blob, cancellation);
        if (Interlocked.Add(ref _unsynced, blob.Wanted.Size ?? 0) >= SyncPeriod)
        {
            Interlocked.Exchange(ref _unsynced, 0);
            store.Sync();
        }
    }

    /// <summary>The compressed form first. Where that is wrong or not there, or what was kept of it is, once more from the start, plain.</summary>
    async Task DownloadAsync(RepositoryClient client, MissingBlob blob, CancellationToken cancellation)
    {
        if (blob.Wanted.CompressedSize is not null)
        {
            try
            {
                await DownloadOnceAsync(client, blob, cancellation);
                return;
            }
            catch (Exception e) when (RepositoryClient.IsWrong(e) || e is RemoteException { Code: "PM6009" })
            {
                observer.Note?.Invoke($"{e.Message}; asking for it uncompressed");
                blob = blob with { Wanted = blob.Wanted.Plain };
            }
        }

        await DownloadOnceAsync(client, blob, cancellation);
    }

    async Task DownloadOnceAsync(RepositoryClient client, MissingBlob blob, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            await using var download = client.DownloadBlob(blob.Wanted, observer.Received);
            observer.Expecting?.Invoke(-download.KeptLength);
            try
            {
                using var writer = store.Create(blob.Name, download.Name);
                await ReadAsync(download, blob.Wanted, writer, cancellation);
                writer.Commit();
                download.Complete();
                return;
            }
            catch (Exception e) when (RepositoryClient.IsWrong(e))
            {
                observer.Expecting?.Invoke(download.Position);
                if (!download.Reject(e, attempt))
                {
                    throw;
                }
            }
        }
    }

    static async Task ReadAsync(DownloadStream download, WantedBlob wanted, IBlobWriter writer, CancellationToken cancellation)
    {
        if (wanted is { CompressedSize: <= MaximumInMemory, Size: <= 4 * MaximumInMemory })
        {
            await ReadSmallAsync(download, (int)wanted.CompressedSize, (int)wanted.Size, writer, cancellation);
            return;
        }

        await using var decoder = wanted.CompressedSize is null ? null : ZstandardFrame.Read(download, leaveOpen: true);
        var plain = decoder ?? download;
        var buffer = ArrayPool<byte>.Shared.Rent(CopyBuffer);
        try
        {
            var left = wanted.Size ?? long.MaxValue;
            for (int count; (count = await plain.ReadAsync(buffer, cancellation)) > 0;)
            {
                left -= count;
                if (left < 0)
                {
                    throw BlobMismatchException.TooLong(download.Name, wanted.Size!.Value);
                }

                writer.Append(buffer.AsSpan(0, count));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    static async Task ReadSmallAsync(
        DownloadStream download, int compressedSize, int size, IBlobWriter writer, CancellationToken cancellation)
    {
        // One byte more: what is longer than signed fails by it.
        var frame = ArrayPool<byte>.Shared.Rent(compressedSize + 1);
        var plain = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            var length = await download.ReadAtLeastAsync(frame.AsMemory(0, compressedSize + 1), compressedSize + 1, throwOnEndOfStream: false, cancellation);
            var count = ZstandardFrame.Decompress(frame.AsSpan(0, length), plain.AsSpan(0, size));
            writer.Append(plain.AsSpan(0, count));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(frame);
            ArrayPool<byte>.Shared.Return(plain);
        }
    }

    void CopyOther(BlobName name)
    {
        using var source = store.OpenBlob(name.Root);
        using var writer = store.Create(name, name.ToString());
        var buffer = ArrayPool<byte>.Shared.Rent(CopyBuffer);
        try
        {
            for (int count; (count = source.Read(buffer)) > 0;)
            {
                writer.Append(buffer.AsSpan(0, count));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        writer.Commit();
    }
}
