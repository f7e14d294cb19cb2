using Pm.Codecs;

namespace Pm.Remotes;

/// <summary>Fails as soon as more comes than was allowed: a file that never ends costs one read too many, no more.</summary>
sealed class LimitedStream(Stream source, long maximumLength, string name) : ReadOnlyStream
{
    long _read;

    public override int Read(Span<byte> buffer) => Count(source.Read(buffer));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Count(await source.ReadAsync(buffer, cancellationToken));

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            source.Dispose();
        }

        base.Dispose(disposing);
    }

    int Count(int read)
    {
        _read += read;
        return _read <= maximumLength
            ? read
            : throw new RemoteException("PM6004", $"{name}: longer than the {maximumLength} bytes allowed (endless data attack refused)");
    }
}
