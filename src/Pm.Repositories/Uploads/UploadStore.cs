using Pm.Codecs;
using Pm.Linux;

namespace Pm.Repositories.Uploads;

/// <summary>
/// <c>DIR/pmd/uploads/</c>: packages on their way in, named by the SHA-256 of their bytes, so that nothing is laid down
/// twice; and unfinished ones, <c>DIGEST.OWNER</c>, each of which only its owner goes on with. An empty <c>DIGEST.OWNER.whole</c> says
/// whose a whole one is, so that it counts for its owner's share after a restart too.
/// </summary>
public sealed partial class UploadStore : IDisposable
{
    const string DirectoryName = "uploads";

    /// <summary>Ends the name of the file that says whose a whole upload is.</summary>
    const string OwnerMark = ".whole";
    const int MarkMode = 0x180; // 0600

    static readonly TimeSpan SweepInterval = TimeSpan.FromHours(1);

    readonly DirectoryHandle _directory;
    readonly UploadLimits _limits;
    readonly TimeProvider _time;
    readonly Lock _gate = new();
    readonly Dictionary<string, UploadReceiver> _active = new(StringComparer.Ordinal);
    readonly UploadShares _shares = new();
    readonly UnfinishedDigests _digests = new();
    DateTimeOffset _swept;

    UploadStore(DirectoryHandle directory, UploadLimits limits, TimeProvider time)
    {
        _directory = directory;
        _limits = limits;
        _time = time;
        Sweep();
    }

    /// <summary>Of everything that lies here, in bytes.</summary>
    public long StagedSize
    {
        get
        {
            lock (_gate)
            {
                return _shares.Size;
            }
        }
    }

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
        RequireRoom(range, owner);
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
            var gone = _shares.Names.Where(name => !_active.ContainsKey(name)).ToHashSet(StringComparer.Ordinal);
            var entries = _directory.Entries().ToList();
            var owners = OwnersOfWhole(entries.Select(entry => entry.Name).Where(IsMark));
            foreach (var entry in entries.Where(entry => !IsMark(entry.Name)))
            {
                // While somebody writes, the file says less than was promised.
                if (_active.ContainsKey(entry.Name) || _directory.Status(entry.Name) is not { } status)
                {
                    continue;
                }

                gone.Remove(entry.Name);
                _shares.Set(entry.Name, OwnerOf(entry.Name) ?? owners.GetValueOrDefault(entry.Name), status.Size);
                if (_swept - status.Modified > _limits.Lifetime)
                {
                    Remove(entry.Name);
                }
            }

            foreach (var name in gone)
            {
                _shares.Remove(name);
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
            // Before the upload has its name: a mark without it is removed some day, an upload without a mark is nobody's.
            _directory.OpenAppend(name + OwnerMark, MarkMode).Dispose();
            RemoveMark(whole, except: OwnerOf(name));
            _directory.Rename(name, _directory, whole);
            _shares.Set(whole, OwnerOf(name), _shares.SizeOf(name));
            _shares.Remove(name);
        }
    }

    internal void Remove(string name)
    {
        lock (_gate)
        {
            if (_directory.Status(name) is not null)
            {
                _directory.Unlink(name);
            }

            RemoveMark(name, except: null);
            _shares.Remove(name);
            _digests.Forget(name);
        }
    }

    static bool IsMark(string name) => name.EndsWith(OwnerMark, StringComparison.Ordinal);

    /// <summary>Who finished which upload; what says so of one that is gone, or a second time, is removed.</summary>
    Dictionary<string, string> OwnersOfWhole(IEnumerable<string> marks)
    {
        var owners = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var mark in marks)
        {
            var (whole, owner) = (mark[..mark.IndexOf('.', StringComparison.Ordinal)], OwnerOf(mark[..^OwnerMark.Length]));
            if (owner is null || _directory.Status(whole) is null || !owners.TryAdd(whole, owner))
            {
                _directory.Unlink(mark);
            }
        }

        return owners;
    }

    /// <summary>Of a whole upload that goes, or becomes another owner's.</summary>
    void RemoveMark(string whole, string? except)
    {
        if (_shares.OwnerOf(whole) is { } owner && owner != except && $"{whole}.{owner}{OwnerMark}" is var mark && _directory.Status(mark) is not null)
        {
            _directory.Unlink(mark);
        }
    }

    internal static string WholeName(Sha256Digest digest) => digest.ToString();

    /// <summary>Null: it is whole.</summary>
    static string? OwnerOf(string name) => name.IndexOf('.', StringComparison.Ordinal) is var dot and >= 0 ? name[(dot + 1)..] : null;

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

            RequireFew(name, OwnerOf(name)!);
            _active.Add(name, receiver);
            _shares.Set(name, OwnerOf(name), _shares.SizeOf(name));
            return null;
        }
    }
}
