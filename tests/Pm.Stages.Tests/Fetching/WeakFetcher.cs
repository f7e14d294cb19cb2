using System.Collections.Concurrent;
using Pm.Remotes;

namespace Pm.Stages.Tests.Fetching;

/// <summary>Serves a repository's files as a web server would, over a line that breaks when so many bytes went over it.</summary>
sealed class WeakFetcher(string served) : IFetcher
{
    long _delivered;
    long _budget = long.MaxValue;

    public string Location => "weak://line";

    public int Places { get; init; } = 1;

    /// <summary>Bytes that went over the line so far.</summary>
    public long Delivered => Interlocked.Read(ref _delivered);

    /// <summary>How often each file was asked for.</summary>
    public ConcurrentDictionary<string, int> Asked { get; } = new();

    /// <summary>What is served in place of a file; the argument is the honest content.</summary>
    public Dictionary<string, Func<byte[]?, Stream?>> Lies { get; } = [];

    /// <summary>Who was told of wrong bytes.</summary>
    public ConcurrentBag<string> Distrusted { get; } = [];

    /// <summary>Whether a part of a file can be had.</summary>
    public bool GivesParts { get; set; } = true;

    /// <summary>Called at each read, before it is answered.</summary>
    public Action? Reading { get; set; }

    /// <summary>The line breaks when so many bytes more went over it.</summary>
    public void BreakAfter(long bytes) => Interlocked.Exchange(ref _budget, bytes);

    public Task<FetchedBody?> OpenAsync(FetchRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Asked.AddOrUpdate(request.Path, 1, (_, count) => count + 1);
        var file = Path.Join(served, request.Path);
        var honest = File.Exists(file) ? File.ReadAllBytes(file) : null;
        var content = Lies.TryGetValue(request.Path, out var lie) ? lie(honest)
            : honest is null ? null : new MemoryStream(honest, writable: false);
        if (content is null)
        {
            return Task.FromResult<FetchedBody?>(null);
        }

        var offset = GivesParts && content.CanSeek && request.Offset <= content.Length ? request.Offset : 0;
        content.Position = offset;
        return Task.FromResult<FetchedBody?>(new FetchedBody(new Line(this, content, request, offset), Location) { Offset = offset });
    }

    public void Distrust(string source, Exception reason) => Distrusted.Add(reason.Message);

    public void Dispose()
    {
    }

    sealed class Line(WeakFetcher fetcher, Stream content, FetchRequest request, long offset) : Stream
    {
        long _position = offset;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            fetcher.Reading?.Invoke();
            if (Interlocked.Read(ref fetcher._budget) < 0)
            {
                throw Broken();
            }

            var read = content.Read(buffer, offset, count);
            if (Interlocked.Add(ref fetcher._budget, -read) is < 0 and var over)
            {
                // What is left of the budget still comes; the next read breaks.
                read = (int)Math.Max(0, read + over);
                if (read == 0)
                {
                    throw Broken();
                }
            }

            Interlocked.Add(ref fetcher._delivered, read);
            _position += read;
            return _position <= request.MaximumLength ? read
                : throw new RemoteException("PM6004", $"{request.Path}: longer than the {request.MaximumLength} bytes allowed");
        }

        RemoteException Broken() => new("PM6003", $"{request.Path}: the line broke");

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            var bytes = new byte[buffer.Length];
            var read = Read(bytes, 0, bytes.Length);
            bytes.AsMemory(0, read).CopyTo(buffer);
            return read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
