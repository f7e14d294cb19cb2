using Pm.Blobs;
using Pm.Linux;
using Pm.Packages;
using Pm.Trust;
using Pm.Trust.OpenPgp;
using Pm.Trust.Tuf;

namespace Pm.Repositories.Serving;

/// <summary>A repository while a server has it: its files, what it says now, and when that changes.</summary>
public sealed partial class ServedRepository
{
    /// <summary>Of what changes: held for a look at the timestamp, so that who waits for a change waits for nothing else.</summary>
    readonly Lock _changing = new();
    readonly OpenFileLimit _openFiles;
    volatile DirectoryHandle _directory;
    volatile ServedDirectory _files;
    FileStatus? _timestamp;

    /// <summary>How often it was seen to have changed; written under <see cref="_changing"/>.</summary>
    volatile int _changes;
    TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <exception cref="RepositoryException">PM5203: a private key lies where everybody could fetch it.</exception>
    internal ServedRepository(string name, string path, TimeProvider time, OpenFileLimit openFiles)
    {
        _time = time;
        _openFiles = openFiles;
        Namespace = name;
        Path = path;
        _directory = OpenServed(path);
        _files = new ServedDirectory(_directory, _openFiles);
        _timestamp = TimestampStatus();
        if (PrivateKeys.Find(_directory) is { } key)
        {
            throw new RepositoryException("PM5203", $"{_directory.Path}/{key}: a private key, and everything below {RepositoryLayout.Served}/ is served to everybody",
                $"mv {_directory.Path}/{key} {path}/{RepositoryLayout.Keys}/ && chmod 600 it; if it was ever served, replace it: pm repo key --help");
        }
    }

    /// <summary>The path of its URL without slashes at the ends; "" where the server has one repository.</summary>
    public string Namespace { get; }

    /// <summary>The directory with <c>repository/</c> in it.</summary>
    public string Path { get; }

    public ServedDirectory Files => _files;

    /// <summary>Ends at the next change; then look again.</summary>
    public Task Changed
    {
        get
        {
            lock (_changing)
            {
                return _changed.Task;
            }
        }
    }

    /// <summary>When its keeper, or the server for them, signed last, as far as the time of the timestamp's file tells.</summary>
    public DateTimeOffset? SignedAt => TimestampStatus()?.Modified;

    /// <summary>The version of its timestamp, without reading more.</summary>
    /// <exception cref="RepositoryException">PM5008: it is missing or damaged.</exception>
    public long Version
    {
        get
        {
            var name = RepositoryLayout.Metadata("timestamp");
            try
            {
                var bytes = _directory.TryReadFile(name, MetadataLimits.Any)
                    ?? throw new RepositoryException("PM5008", $"{_directory.Path}/{name}: it is missing");
                return TimestampMetadata.Parse(SignedDocument.Parse(bytes, name, MetadataLimits.Any).Body).Version;
            }
            catch (TrustException exception)
            {
                throw new RepositoryException("PM5008", $"{_directory.Path}: {exception.Message}", $"pm repo verify {Path}", exception);
            }
        }
    }

    /// <summary>When a version was published, as far as the time of its file tells; null where it does not.</summary>
    public DateTimeOffset? PublishedAt(PackageId id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return _directory.Status($"{id.FileText}.pkg")?.Modified;
    }

    /// <summary>The size of a blob in bytes; null where it is not there.</summary>
    public long? SizeOfBlob(MerkleRoot root) => _directory.StatusBeneath(FileName.Terminated($"{RepositoryLayout.Blobs}/{root}"))?.Size;

    /// <summary>What the public key of a publisher says of itself; null where it is not handed out, or is not theirs.</summary>
    public PublicKeyBlock? FindPublisher(string fingerprint)
    {
        using var file = Files.Find($"{RepositoryLayout.Publishers}/{fingerprint}.asc");
        if (file is not { Length: <= PublicKeyBlock.MaximumSize })
        {
            return null;
        }

        var bytes = new byte[file.Length];
        var length = file.Read(bytes, 0);
        return PublicKeyBlock.TryParse(bytes.AsSpan(0, length)) is { } key && key.Fingerprint.ToString() == fingerprint ? key : null;
    }

    /// <summary>To publish in it.</summary>
    /// <exception cref="RepositoryException">PM5001: it is not there any more.</exception>
    public DirectoryRepository Open() => DirectoryRepository.Open(Path);

    /// <summary>Looks whether it changed, and tells who waits for that; also after a change of one's own.</summary>
    public bool Refresh()
    {
        lock (_changing)
        {
            Reopen();
            var now = TimestampStatus();
            if (now == _timestamp)
            {
                return false;
            }

            _timestamp = now;
            _changes++;
            var waiting = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting.SetResult();
            return true;
        }
    }

    static DirectoryHandle OpenServed(string path)
    {
        using var directory = DirectoryHandle.Open(path);
        return directory.OpenBeneath(RepositoryLayout.Served);
    }

    /// <summary>Somebody put another directory in the place of this one.</summary>
    void Reopen()
    {
        var there = FileStatus.OfLink(System.IO.Path.Join(Path, RepositoryLayout.Served));
        if (there is { IsDirectory: true } && !there.Value.IsSameFile(_directory.Status()))
        {
            // Not disposed: requests read from the old one, and its finalizer closes it.
            _directory = OpenServed(Path);
            _files = new ServedDirectory(_directory, _openFiles);
            _changes++;
        }
    }

    FileStatus? TimestampStatus() => _directory.Status(RepositoryLayout.Metadata("timestamp"));
}
