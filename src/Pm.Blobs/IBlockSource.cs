namespace Pm.Blobs;

/// <summary>Gives one thread the bytes of a file.</summary>
interface IBlockSource : IDisposable
{
    /// <summary>Bytes from <paramref name="offset"/> on, valid until the next call: whole blocks, or up to
    /// <paramref name="end"/>, at least one and at most that.</summary>
    ReadOnlySpan<byte> Read(long offset, long end);
}
