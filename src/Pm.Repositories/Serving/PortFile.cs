using System.Text;
using Pm.Linux;

namespace Pm.Repositories.Serving;

/// <summary>Tells other programs where the server listens: whoever sees the file sees all of it.</summary>
public static class PortFile
{
    const int Mode = 0x1a4;

    public static void Write(string path, IEnumerable<string> addresses)
    {
        using var directory = DirectoryHandle.Open(Path.GetDirectoryName(path)!);
        DurableFile.Replace(directory, Path.GetFileName(path), Encoding.UTF8.GetBytes(string.Concat(addresses.Select(a => a + "\n"))), Mode);
    }
}
