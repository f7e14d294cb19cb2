using System.Net;
using Microsoft.Win32.SafeHandles;
using Pm.Remotes.Http;

namespace Pm.Remotes.Publishing;

/// <summary>
/// The rest of a file as the body of a request. As long as it goes, the server is waited for; it is told up to which byte.
/// </summary>
sealed class UploadBody : HttpContent
{
    const int Step = 128 * 1024;

    readonly SafeFileHandle _file;
    readonly long _offset;
    readonly long _length;
    readonly Patience _patience;
    readonly Action<long>? _sent;

    public UploadBody(SafeFileHandle file, long offset, long length, Patience patience, Action<long>? sent)
    {
        _file = file;
        _offset = offset;
        _length = length;
        _patience = patience;
        _sent = sent;
        Headers.ContentLength = length - offset;
        Headers.TryAddWithoutValidation("Content-Type", "application/octet-stream");
        if (length > 0)
        {
            Headers.TryAddWithoutValidation("Content-Range", $"bytes {offset}-{length - 1}/{length}");
        }
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var buffer = new byte[Step];
        for (var at = _offset; at < _length;)
        {
            var read = await RandomAccess.ReadAsync(_file, buffer.AsMemory(0, (int)Math.Min(Step, _length - at)), at, cancellationToken);
            if (read == 0)
            {
                throw new RemoteException("PM6053", "the file became shorter while it was uploaded");
            }

            await stream.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            at += read;
            _patience.Renew();
            _sent?.Invoke(at);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _length - _offset;
        return true;
    }
}
