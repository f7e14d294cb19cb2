using Microsoft.Win32.SafeHandles;

namespace Pm.Blobs.Tests;

/// <summary>A file that exists as long as this object.</summary>
sealed class TemporaryFile : IDisposable
{
    readonly string _path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    TemporaryFile(byte[] data)
    {
        File.WriteAllBytes(_path, data);
        Handle = File.OpenHandle(_path);
    }

    internal SafeFileHandle Handle { get; }

    internal static TemporaryFile With(byte[] data) => new(data);

    public void Dispose()
    {
        Handle.Dispose();
        File.Delete(_path);
    }
}
