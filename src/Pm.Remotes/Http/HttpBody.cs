using System.Buffers;

namespace Pm.Remotes.Http;

/// <summary>The body of an answer as it arrives. What breaks on the way is told as the remote's failure.</summary>
sealed class HttpBody(HttpResponseMessage response, Stream source, Uri url) : ReadOnlyStream
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await source.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw HttpFailure.Of(url, e);
        }
    }

    /// <summary>Through the other, which has the time limits.</summary>
    public override int Read(Span<byte> buffer)
    {
        var rented = ArrayPool<byte>.Shared.Rent(buffer.Length);
        try
        {
            var read = ReadAsync(rented.AsMemory(0, buffer.Length)).AsTask().GetAwaiter().GetResult();
            rented.AsSpan(0, read).CopyTo(buffer);
            return read;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            source.Dispose();
            response.Dispose();
        }

        base.Dispose(disposing);
    }
}
