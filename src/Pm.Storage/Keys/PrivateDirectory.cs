using System.Text;
using Microsoft.Win32.SafeHandles;
using Pm.Linux;

namespace Pm.Storage.Keys;

/// <summary>A directory that only this user can enter, for one run of another program; gone afterwards.</summary>
sealed class PrivateDirectory : IDisposable
{
    const int OnlyOwner = 0b111_000_000;
    const int OnlyOwnerFile = 0b110_000_000;

    readonly DirectoryHandle _parent;
    readonly DirectoryHandle _directory;
    readonly string _name = "pm-gpg-" + System.IO.Path.GetRandomFileName();

    /// <param name="parent">An existing directory; others may be able to write to it.</param>
    /// <exception cref="SystemCallException">It cannot be made.</exception>
    public PrivateDirectory(string parent)
    {
        _parent = DirectoryHandle.Open(parent);
        try
        {
            _parent.MakeDirectory(_name, OnlyOwner);
            _directory = _parent.OpenBeneath(_name);
        }
        catch
        {
            _parent.Dispose();
            throw;
        }
        Path = System.IO.Path.Join(_parent.Path, _name);
    }

    public string Path { get; }

    /// <summary>Makes a file and gives its absolute path.</summary>
    public string Write(string name, ReadOnlySpan<byte> content)
    {
        using SafeFileHandle file = _directory.CreateFile(name, OnlyOwnerFile);
        var path = System.IO.Path.Join(Path, name);
        FileWriting.Write(file, content, path);
        return path;
    }

    /// <summary>The text of a file that another program wrote, up to a limit; empty when there is none or it is longer.</summary>
    public string ReadText(string name)
    {
        const int limit = 1024 * 1024;
        try
        {
            return Encoding.UTF8.GetString(_directory.TryReadFile(name, limit) ?? []);
        }
        catch (SystemCallException e) when (e.Errno == Errno.EFBIG)
        {
            return "";
        }
    }

    public void Dispose()
    {
        _directory.Dispose();
        try
        {
            _parent.RemoveTree(_name);
        }
        catch (SystemCallException)
        {
            // It holds nothing secret, and what the caller was told stays true.
        }
        _parent.Dispose();
    }
}
