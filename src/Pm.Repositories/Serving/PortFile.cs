using System.Text;
using Pm.Linux;

namespace Pm.Repositories.Serving;

/// <summary>Tells other programs where the server listens: whoever sees the file sees all of it.</summary>
public static class PortFile
{
    const int Mode = 0x1a4;

    /// <summary>Writes it; what a server that was killed while writing it has left there goes first.</summary>
    /// <exception cref="SystemCallException">It cannot be written.</exception>
    public static void Write(string path, IEnumerable<string> addresses)
    {
        using var directory = DirectoryHandle.Open(Path.GetDirectoryName(path)!);
        DurableFile.ClearLeft(directory, isAlone: false);
        DurableFile.Replace(directory, Path.GetFileName(path), Encoding.UTF8.GetBytes(string.Concat(addresses.Select(a => a + "\n"))), Mode);
    }

    /// <summary>Takes it away; nothing when it is not there.</summary>
    /// <exception cref="SystemCallException">It cannot be removed.</exception>
    public static void Remove(string path)
    {
        using var directory = DirectoryHandle.Open(Path.GetDirectoryName(path)!);
        try
        {
            directory.Unlink(Path.GetFileName(path));
        }
        catch (SystemCallException e) when (e.Errno == Errno.ENOENT)
        {
        }
    }
}
