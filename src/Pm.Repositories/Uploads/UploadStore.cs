using Pm.Codecs;
using Pm.Linux;

namespace Pm.Repositories.Uploads;

/// <summary>
/// <c>DIR/pmd/uploads/</c>: packages on their way in, named by the SHA-256 of their bytes, so that nothing is laid down
/// twice; and unfinished ones, <c>DIGEST.OWNER</c>, each of which only its owner goes on with.
/// </summary>
public sealed partial class UploadStore : IDisposable
{
    const string DirectoryName = "uploads";

    static readonly TimeSpan SweepInterval = TimeSpan.FromHours(1);

    readonly DirectoryHandle _directory;
    readonly UploadLimits _limits;
    readonly TimeProvider _time;
    readonly Lock _gate = new();
    readonly Dictionary<string, UploadReceiver> _active = new(StringComparer.Ordinal);
    readonly HashSet<string> _names = new(StringComparer.Ordinal);
    readonly UnfinishedDigests _digests = new();
    DateTimeOffset _swept;
    long _staged;

    UploadStore(DirectoryHandle directory, UploadLimits limits, TimeProvider time)
    {
        _directory = directory;
        _limits = limits;
        _time = time;
        Sweep();
    }

    /// <summary>Of everything that lies here, in bytes.</summary>
    public long StagedSize => Interlocked.Read(ref _staged);

    internal DirectoryHandle Directory => _directory;

    /// <summary>Opens or makes that of the repository in <paramref name="repository"/>.</summary>
    public static UploadStore Open(string repository, UploadLimits limits, TimeProvider time)
    {
        using var state = StateDirectory.OpenOrMake(repository);
        return new UploadStore(state.OpenOrMakeBeneath(DirectoryName, RepositoryLayout.KeyDirectoryMode), limits, time);
    }

    public UploadState Find(Sha256Digest digest, string owner) =>
        _directory.Status(WholeName(digest)) is { } whole ? new UploadState(true, whole.Size)
        : _directory.Status(PartName(digest, owner)) is { } part ? new UploadState(false, part.Size)
        : new UploadState(false, 0);

    /// <summary>Where a whole upload lies; absolute.</summary>
    public string PathOf(Sha256Digest digest) => Path.Join(_directory.Path, WholeName(digest));

    /// <summary>
    /// Begins to receive. A request of the same owner that still receives the same bytes is ended first: its connection
    /// is lost, or its client would not ask again.
    /// </summary>
    /// <exception cref="RepositoryException">PM5033: too large; PM5038: too much lies here; PM5041: it does not go on where the last one stopped.</exception>
    public async Task<UploadReceiver> BeginAsync(Sha256Digest digest, string owner, UploadRange range, CancellationToken cancellation)
    {
        RequireRoom(range);
        var name = PartName(digest, owner);
        var receiver = new UploadReceiver(this, digest, name, range);
        try
        {
            while (Enter(name, receiver) is { } other)
            {
                other.Stop();
                await other.Ended.WaitAsync(cancellation);
            }

            // A prefix of gigabytes is hashed again: not on a thread that others wait for.
            await Task.Run(receiver.Open, cancellation);
            return receiver;
        }
        catch
        {
            receiver.Dispose();
            throw;
        }
    }

    /// <summary>Removes a whole upload: it is published, or will never be.</summary>
    public void Remove(Sha256Digest digest) => Remove(WholeName(digest));

    /// <summary>Removes what nobody went on with for too long, and looks what there is.</summary>
    public void Sweep()
    {
        lock (_gate)
        {
            _swept = _time.GetUtcNow();
            _names.Clear();
            long staged = 0;
            foreach (var entry in _directory.Entries().ToList())
            {
                if (_directory.Status(entry.Name) is not { } status)
                {
                    continue;
                }

                if (!_active.ContainsKey(entry.Name) && _swept - status.Modified > _limits.Lifetime)
                {
                    Remove(entry.Name);
                    continue;
                }

                _names.Add(entry.Name);
                staged += status.Size;
            }

            // While somebody writes, the files say less than is promised to them: then what was counted is right.
            if (_active.Count == 0)
            {
                Interlocked.Exchange(ref _staged, staged);
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _digests.Dispose();
        }

        _directory.Dispose();
    }

    /// <summary>The end of a receiver, with what it has hashed where that is unfinished.</summary>
    internal void Leave(string name, UploadReceiver receiver, DigestContext? digest, long size)
    {
        lock (_gate)
        {
            if (_active.GetValueOrDefault(name) != receiver)
            {
                digest?.Dispose();
                return;
            }

            _active.Remove(name);
            if (digest is not null)
            {
                _digests.Keep(name, digest, size);
            }
        }
    }

    internal DigestContext? TakeDigest(string name, long size)
    {
        lock (_gate)
        {
            return _digests.Take(name, size);
        }
    }

    /// <summary>Gives a finished upload its name; of two owners who finish the same bytes one file stays.</summary>
    internal void Settle(string name, Sha256Digest digest)
    {
        var whole = WholeName(digest);
        lock (_gate)
        {
            var other = _directory.Status(whole)?.Size ?? 0;
            _directory.Rename(name, _directory, whole);
            Interlocked.Add(ref _staged, -other);
            _names.Remove(name);
            _names.Add(whole);
        }
    }

    internal void Remove(string name)
    {
        lock (_gate)
        {
            if (_directory.Status(name) is { } there)
            {
                _directory.Unlink(name);
                Interlocked.Add(ref _staged, -there.Size);
            }

            _names.Remove(name);
            _digests.Forget(name);
        }
    }

    internal static string WholeName(Sha256Digest digest) => digest.ToString();

    static string PartName(Sha256Digest digest, string owner) => $"{digest}.{owner}";

    /// <returns>Who is there already.</returns>
    UploadReceiver? Enter(string name, UploadReceiver receiver)
    {
        lock (_gate)
        {
            if (_active.TryGetValue(name, out var other))
            {
                return other;
            }

            RequireFew(name);
            _active.Add(name, receiver);
            _names.Add(name);
            return null;
        }
    }
}
