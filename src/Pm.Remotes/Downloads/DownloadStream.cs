using Pm.Codecs;

namespace Pm.Remotes.Downloads;

/// <summary>
/// A file whose length and hash are signed, read from its start to its end: what an earlier run kept of it first, then the rest
/// from the remote, kept as it comes. What it yields is not verified.
/// </summary>
/// <remarks>
/// Disposed before <see cref="Complete"/> or <see cref="Reject"/> it keeps what came. The remote is asked when the kept part has
/// been read, so a file that is all there asks nobody.
/// </remarks>
public sealed class DownloadStream : ReadOnlyStream
{
    readonly IFetcher _fetcher;
    readonly FetchRequest _request;
    readonly RemoteException _missing;
    readonly PartialFile? _partial;
    readonly string _name;
    FetchedBody? _body;
    long _position;
    bool _isDisposed;

    /// <param name="fetcher">Where it comes from.</param>
    /// <param name="request">Its path, and its length as signed.</param>
    /// <param name="missing">Thrown where the remote does not have it.</param>
    /// <param name="partial">What was kept; null: nothing is kept. Disposed with this.</param>
    /// <param name="name">How messages call it.</param>
    internal DownloadStream(IFetcher fetcher, FetchRequest request, RemoteException missing, PartialFile? partial, string name)
    {
        _name = name;
        _fetcher = fetcher;
        _request = request;
        _missing = missing;
        _partial = partial;
        KeptLength = partial?.Length ?? 0;
    }

    /// <summary>How messages call it.</summary>
    public string Name => _body is null ? _name : $"{_body.Source}/{_request.Path}";

    /// <summary>How many bytes an earlier run had kept.</summary>
    public long KeptLength { get; }

    /// <summary>Told how many bytes more came from the remote.</summary>
    public Action<long>? Received { get; init; }

    /// <summary>Ends the waiting of reads that cannot be told otherwise: those of <see cref="Stream.Read(Span{byte})"/>.</summary>
    public CancellationToken Cancellation { get; set; }

    public override bool CanRead => !_isDisposed;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    /// <summary>Asks for it at once, where nothing of it was kept: from then on its name says which place gave it.</summary>
    public void Begin()
    {
        if (KeptLength == 0)
        {
            _body ??= OpenAsync(Cancellation).GetAwaiter().GetResult();
        }
    }

    /// <summary>Its bytes were what was signed: nothing needs to be kept.</summary>
    public void Complete() => _partial?.Remove();

    /// <summary>Its bytes were not what was signed: nothing of them is kept, and where there is another place it is asked from now on.</summary>
    /// <param name="reason">What was found.</param>
    /// <param name="attempt">How often it was read from its start: 1 and more.</param>
    /// <returns>Whether to read it once more may give others.</returns>
    public bool Reject(Exception reason, int attempt)
    {
        _partial?.Remove();
        if (KeptLength == 0 && _body is { } body)
        {
            _fetcher.Distrust(body.Source, reason);
        }

        return attempt < _fetcher.Places || (KeptLength > 0 && attempt <= _fetcher.Places);
    }

    public override int Read(Span<byte> buffer)
    {
        var kept = ReadKept(buffer);
        if (kept != 0 || buffer.IsEmpty)
        {
            return kept;
        }

        return ReadByTask(buffer, Cancellation);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var kept = ReadKept(buffer.Span);
        if (kept != 0 || buffer.IsEmpty)
        {
            return kept;
        }

        try
        {
            var body = _body ?? await OpenAsync(cancellationToken);
            if (body is null)
            {
                return 0;
            }

            var count = await body.Content.ReadAsync(buffer, cancellationToken);
            Accept(buffer.Span[..count]);
            return count;
        }
        catch (RemoteException e) when (_partial is { Length: > 0 } && !RepositoryClient.IsWrong(e))
        {
            throw WithKept(e);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isDisposed)
        {
            _isDisposed = true;
            _body?.Content.Dispose();
            _partial?.Dispose();
        }

        base.Dispose(disposing);
    }

    static RemoteException WithKept(RemoteException failure)
    {
        const string kept = "what came of it is kept: the same command goes on there";
        return new RemoteException(failure.Code, failure.Message, failure.Hint is null ? kept : $"{kept}; {failure.Hint}", failure)
        {
            IsTransient = failure.IsTransient,
            RetryAfter = failure.RetryAfter,
        };
    }

    int ReadKept(Span<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_body is not null || _position >= KeptLength || buffer.IsEmpty)
        {
            return 0;
        }

        var count = _partial!.Read(buffer[..(int)Math.Min(buffer.Length, KeptLength - _position)], _position);
        _position += count;
        return count > 0 ? count : throw new EndOfStreamException($"{_request.Path}: what was kept of it became shorter");
    }

    /// <returns>Null when all of it was kept: the longest it may be.</returns>
    async Task<FetchedBody?> OpenAsync(CancellationToken cancellationToken)
    {
        if (KeptLength > 0 && KeptLength >= _request.MaximumLength)
        {
            return null;
        }

        var body = await _fetcher.OpenAsync(_request with { Offset = KeptLength }, cancellationToken) ?? throw _missing;
        if (body.Offset != KeptLength)
        {
            try
            {
                await SkipAsync(body.Content, KeptLength - body.Offset, cancellationToken);
            }
            catch
            {
                await body.Content.DisposeAsync();
                throw;
            }
        }

        return _body = body;
    }

    /// <summary>A server that gives no parts gives it from the start; the end will tell whether it is the same.</summary>
    async Task SkipAsync(Stream content, long count, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        while (count > 0)
        {
            var read = await content.ReadAsync(buffer.AsMemory(0, (int)Math.Min(count, buffer.Length)), cancellationToken);
            if (read == 0)
            {
                return;
            }

            count -= read;
            Received?.Invoke(read);
        }
    }

    void Accept(ReadOnlySpan<byte> data)
    {
        if (!data.IsEmpty)
        {
            _partial?.Append(data);
            _position += data.Length;
            Received?.Invoke(data.Length);
        }
    }
}
