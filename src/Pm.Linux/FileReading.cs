using Microsoft.Win32.SafeHandles;

namespace Pm.Linux;

/// <summary>Reading whole small files.</summary>
public static class FileReading
{
    const int FirstBuffer = 16 * 1024;

    /// <summary>Everything from the start of <paramref name="file"/>; its size is not believed, /proc says 0.</summary>
    /// <param name="limit">In bytes; a longer file is refused.</param>
    /// <exception cref="SystemCallException">EFBIG over the limit.</exception>
    public static byte[] All(SafeFileHandle file, int limit, string? path = null)
    {
        var size = OpenFile.Status(file, path).Size;
        var buffer = new byte[Math.Min(size > 0 ? size : FirstBuffer, limit) + 1];
        var length = 0;
        int count;
        while ((count = RandomAccess.Read(file, buffer.AsSpan(length), length)) > 0)
        {
            length += count;
            if (length > limit)
            {
                throw new SystemCallException(
                    "read", Errno.EFBIG, path ?? OpenFile.PathOf(file), $"longer than {limit} bytes");
            }
            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, (int)Math.Min(buffer.Length * 2L, limit + 1L));
            }
        }
        Array.Resize(ref buffer, length);
        return buffer;
    }
}
