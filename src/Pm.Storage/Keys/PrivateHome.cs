using Pm.Linux;

namespace Pm.Storage.Keys;

/// <summary>A directory that nobody else may look into, for one run of gpg or gpgv; gone afterwards.</summary>
sealed class PrivateHome : IDisposable
{
    const int OwnerOnly = 0b111_000_000;
    const int FileMode = 0b110_000_000;

    readonly DirectoryHandle _parent;
    readonly DirectoryHandle _directory;
    readonly string _name;

    /// <param name="scratch">An existing directory for temporary files; others may be able to write to it.</param>
    public PrivateHome(string scratch)
    {
        _parent = DirectoryHandle.Open(scratch);
        while (true)
        {
            _name = DurableFile.TemporaryName();
            try
            {
                _parent.MakeDirectory(_name, OwnerOnly);
                break;
            }
            catch (SystemCallException e) when (e.Errno == Errno.EEXIST)
            {
                // Somebody guessed the name, or died with it: it is not used.
            }
        }
        _directory = _parent.OpenBeneath(_name);
        Path = System.IO.Path.Join(scratch, _name);
    }

    public string Path { get; }

    public string Put(string name, ReadOnlySpan<byte> content)
    {
        using var file = _directory.CreateFile(name, FileMode);
        FileWriting.Write(file, content);
        return System.IO.Path.Join(Path, name);
    }

    public void Dispose()
    {
        _directory.Dispose();
        _parent.RemoveTree(_name);
        _parent.Dispose();
    }
}
