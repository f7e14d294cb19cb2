using Pm.Codecs;

namespace Pm.Remotes.Http;

/// <summary>The body of an answer as it arrives. What breaks on the way, or is too slow, is told as the remote's failure.</summary>
sealed class HttpBody(HttpAnswer answer, Stream source, long offset, TransferWatch watch) : ReadOnlyStream
{
    long _position = offset;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = 0;
        watch.BeginWait();
        try
        {
            using var _ = watch.Follow(cancellationToken);
            read = await source.ReadAsync(buffer, watch.Token);
            _position += read;
            return read;
        }
        catch (OperationCanceledException e) when (watch.Verdict is { } verdict && !cancellationToken.IsCancellationRequested)
        {
            throw new RemoteException("PM6003", $"{answer.Url.AbsoluteUri}: too slow: {verdict}", HttpFailure.Way(answer.Url), e) { IsTransient = true, IsSlow = true };
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw HttpFailure.Of(answer.Url, e, _position, answer.TotalLength);
        }
        finally
        {
            watch.EndWait(read);
        }
    }

    public override int Read(Span<byte> buffer) => ReadByTask(buffer);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            source.Dispose();
            answer.Dispose();
            watch.Dispose();
        }

        base.Dispose(disposing);
    }
}
