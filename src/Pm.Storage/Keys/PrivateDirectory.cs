using System.Collections.Concurrent;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Pm.Linux;

namespace Pm.Storage.Keys;

/// <summary>A directory that only this user can enter, for one run of another program; gone afterwards.</summary>
sealed class PrivateDirectory : IDisposable
{
    const int OnlyOwner = 0b111_000_000;
    const int OnlyOwnerFile = 0b110_000_000;

    const string Prefix = "pm-gpg-";

    static readonly ConcurrentDictionary<string, bool> Swept = new(StringComparer.Ordinal);

    readonly DirectoryHandle _parent;
    readonly DirectoryHandle _directory;
    readonly string _name;

    /// <param name="parent">An existing directory; others may be able to write to it.</param>
    /// <exception cref="SystemCallException">It cannot be made.</exception>
    public PrivateDirectory(string parent)
    {
        _parent = DirectoryHandle.Open(parent);
        try
        {
            if (Swept.TryAdd(parent, true))
            {
                Sweep(_parent);
            }

            (_directory, _name) = Make(_parent);
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
        Remove(_parent, _name);
        _directory.Dispose();
        _parent.Dispose();
    }

    /// <summary>Who sweeps may come between the making and the locking: then another one is made.</summary>
    static (DirectoryHandle Directory, string Name) Make(DirectoryHandle parent)
    {
        while (true)
        {
            var name = Prefix + System.IO.Path.GetRandomFileName();
            parent.MakeDirectory(name, OnlyOwner);
            if (parent.TryOpenBeneath(name) is { } directory)
            {
                if (IsLocked(directory) && parent.Status(name) is { } status && status.IsSameFile(directory.Status()))
                {
                    return (directory, name);
                }

                directory.Dispose();
            }
        }
    }

    /// <summary>Removes what killed processes left: a directory of this user's that nobody has locked.</summary>
    static void Sweep(DirectoryHandle parent)
    {
        foreach (var entry in parent.Entries().Where(e => e.Name.StartsWith(Prefix, StringComparison.Ordinal)).ToList())
        {
            try
            {
                using var directory = parent.Status(entry.Name) is { IsDirectory: true } status && status.Owner == SystemUser.EffectiveUserId
                    ? parent.TryOpenBeneath(entry.Name)
                    : null;
                if (directory?.TryLock() is true)
                {
                    Remove(parent, entry.Name);
                }
            }
            catch (SystemCallException)
            {
                // Gone meanwhile, or on a file system without locks, where nobody can know whose it is.
            }
        }
    }

    static bool IsLocked(DirectoryHandle directory)
    {
        try
        {
            return directory.TryLock();
        }
        catch (SystemCallException)
        {
            // No locks here, so nobody sweeps either.
            return true;
        }
    }

    static void Remove(DirectoryHandle parent, string name)
    {
        try
        {
            parent.RemoveTree(name);
        }
        catch (SystemCallException)
        {
            // It holds nothing secret, what the caller was told stays true, and the next process sweeps.
        }
    }
}
