using Pm.Linux;
using Pm.Storage.Switching;

namespace Pm.Storage.Unpacking;

/// <summary>
/// Where an archive is unpacked to. A directory that does not exist appears whole, by one rename, or not at all; into
/// one that exists the entries are made one by one.
/// </summary>
public sealed class UnpackDestination : IDisposable
{
    const int WorkingMode = 0b111_000_000;
    const int FinalMode = 0b111_101_101;

    readonly DirectoryHandle? _parent;
    readonly string _name = "";
    readonly string _temporary = "";
    bool _isCommitted;

    UnpackDestination(DirectoryHandle existing) => Directory = existing;

    UnpackDestination(DirectoryHandle parent, string name)
    {
        _parent = parent;
        _name = name;
        _temporary = DurableFile.TemporaryName();
        TemporaryFiles.ClearQuietly(parent);
        parent.MakeDirectory(_temporary, WorkingMode);
        Directory = parent.OpenBeneath(_temporary);
    }

    public DirectoryHandle Directory { get; }

    /// <summary>Made for this run.</summary>
    public bool IsFresh => _parent is not null;

    /// <summary>What was made in an existing directory before an archive was refused.</summary>
    public UnpackReport? Partial { get; internal set; }

    /// <param name="path">Absolute. Its parents are made when they are missing; a link to a directory is followed.</param>
    /// <exception cref="SystemCallException">ENOTDIR: a file is there; EACCES …</exception>
    public static UnpackDestination Open(string path)
    {
        if (DirectoryHandle.TryOpen(path) is { } existing)
        {
            return new UnpackDestination(existing);
        }

        var trimmed = Path.TrimEndingDirectorySeparator(path);
        var parent = DirectoryHandle.OpenOrMake(Path.GetDirectoryName(trimmed) ?? "/", FinalMode);
        try
        {
            return new UnpackDestination(parent, Path.GetFileName(trimmed));
        }
        catch
        {
            parent.Dispose();
            throw;
        }
    }

    /// <summary>Makes all of it durable, and gives a fresh directory its name.</summary>
    /// <exception cref="SystemCallException">EEXIST: somebody else made it meanwhile.</exception>
    public void Commit()
    {
        _parent?.SetMode(_temporary, FinalMode);
        Directory.SyncFileSystem();
        if (_parent is not null)
        {
            _parent.Rename(_temporary, _parent, _name, RenameMode.NoReplace);
            _isCommitted = true;
            _parent.Sync();
        }

        _isCommitted = true;
    }

    /// <summary>Removes a fresh directory that was not committed.</summary>
    public void Dispose()
    {
        Directory.Dispose();
        if (_parent is not null)
        {
            if (!_isCommitted)
            {
                _parent.RemoveTree(_temporary);
            }

            _parent.Dispose();
        }
    }
}
