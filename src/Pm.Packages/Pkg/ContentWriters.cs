using System.Buffers;
using System.Runtime.ExceptionServices;
using Pm.Codecs;

namespace Pm.Packages.Pkg;

/// <summary>
/// Hashes and keeps the contents of an archive's files on other threads while the archive is read on. What many small files
/// cost is their creation, and the kernel does that on every processor at once.
/// </summary>
/// <remarks>A sink that is for one thread only gets everything on the reader's. A small package starts no thread.</remarks>
sealed class ContentWriters : IDisposable
{
    const int MaximumThreads = 4;

    readonly IBlobSink _sink;
    readonly DigestContext _digest = new(DigestAlgorithm.Sha256);
    readonly int _threadCount;
    readonly List<Thread> _threads = [];
    readonly Queue<ContentBatch> _waiting = new();
    readonly object _gate = new();
    ContentBatch? _open;
    ExceptionDispatchInfo? _failure;
    bool _isEnded;

    public ContentWriters(IBlobSink sink)
    {
        _sink = sink;
        var processors = Math.Min(Environment.ProcessorCount, MaximumThreads);
        _threadCount = sink.IsConcurrent && processors > 1 ? processors : 0;
    }

    /// <summary>Reads a file's content to its end. What it is called is known after <see cref="Finish"/>.</summary>
    public KeptContent Keep(Stream content, long size, bool isExecutable)
    {
        if (size > ContentBatch.Size)
        {
            return KeepLarge(content, size, isExecutable);
        }

        if (_open is { } full && !full.HasRoomFor(size))
        {
            _open = null;
            HandOver(full);
        }

        _open ??= new ContentBatch();
        return _open.Add(content, (int)size, isExecutable);
    }

    /// <summary>Waits until all contents are kept.</summary>
    /// <exception cref="Exception">What a writer threw.</exception>
    public void Finish()
    {
        if (_open is { } last)
        {
            _open = null;
            HandOver(last, isLast: true);
        }

        End();
        _failure?.Throw();
    }

    /// <summary>Nobody writes any more afterwards, whether or not it was finished.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            while (_waiting.TryDequeue(out var batch))
            {
                batch.Dispose();
            }
        }

        End();
        _open?.Dispose();
        _digest.Dispose();
    }

    KeptContent KeepLarge(Stream content, long size, bool isExecutable)
    {
        using var writer = _sink.Create(isExecutable);
        var buffer = ArrayPool<byte>.Shared.Rent(ContentBatch.Size);
        _digest.Restart();
        try
        {
            for (int count; (count = content.Read(buffer)) > 0;)
            {
                writer.Append(buffer.AsSpan(0, count));
                _digest.Append(buffer.AsSpan(0, count));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        Span<byte> sum = stackalloc byte[Sha256Digest.Size];
        _digest.Finish(sum);
        return new KeptContent { Blob = new PkgBlob(writer.Commit(), size, isExecutable), Digest = new Sha256Digest(sum) };
    }

    void HandOver(ContentBatch batch, bool isLast = false)
    {
        if (_threadCount == 0 || (isLast && _threads.Count == 0))
        {
            using (batch)
            {
                batch.WriteTo(_sink);
            }

            return;
        }

        if (_threads.Count < _threadCount)
        {
            var thread = new Thread(Work) { IsBackground = true, Name = "pm blobs" };
            _threads.Add(thread);
            thread.Start();
        }

        Enqueue(batch);
    }

    void Enqueue(ContentBatch batch)
    {
        lock (_gate)
        {
            while (_waiting.Count >= _threadCount && _failure is null)
            {
                Monitor.Wait(_gate);
            }

            _waiting.Enqueue(batch);
            Monitor.PulseAll(_gate);
            _failure?.Throw();
        }
    }

    void Work()
    {
        while (Next() is { } batch)
        {
            using (batch)
            {
                try
                {
                    batch.WriteTo(_sink);
                }
#pragma warning disable CA1031 // Whatever it was, the reader throws it on.
                catch (Exception e)
#pragma warning restore CA1031
                {
                    Fail(e);
                }
            }
        }
    }

    /// <summary>The next batch; null when there will be none.</summary>
    ContentBatch? Next()
    {
        lock (_gate)
        {
            while (_waiting.Count == 0 && !_isEnded && _failure is null)
            {
                Monitor.Wait(_gate);
            }

            var batch = _failure is null && _waiting.TryDequeue(out var next) ? next : null;
            Monitor.PulseAll(_gate);
            return batch;
        }
    }

    void Fail(Exception e)
    {
        lock (_gate)
        {
            _failure ??= ExceptionDispatchInfo.Capture(e);
            Monitor.PulseAll(_gate);
        }
    }

    void End()
    {
        lock (_gate)
        {
            _isEnded = true;
            Monitor.PulseAll(_gate);
        }

        _threads.ForEach(t => t.Join());
        _threads.Clear();
    }
}
