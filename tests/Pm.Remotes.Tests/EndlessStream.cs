using Pm.Codecs;

namespace Pm.Remotes.Tests;

/// <summary>Blanks for ever, and a count of how many were taken.</summary>
sealed class EndlessStream : ReadOnlyStream
{
    public long Taken { get; private set; }

    public override int Read(Span<byte> buffer)
    {
        buffer.Fill((byte)' ');
        Taken += buffer.Length;
        return buffer.Length;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(Read(buffer.Span));
}
