using System.Globalization;
using Pm.Codecs;
using Pm.Linux;

namespace Pm.Repositories.Uploads;

/// <summary>
/// <c>DIR/pmd/uploads/</c>: packages on their way in, named by the SHA-256 of their bytes, so that nothing is laid down
/// twice; and unfinished ones, <c>DIGEST.OWNER</c>, each of which only its owner goes on with.
/// </summary>
public sealed class UploadStore : IDisposable
{
    const string DirectoryName = "uploads";

    readonly DirectoryHandle _directory;
    readonly UploadLimits _limits;
    readonly TimeProvider _time;
    readonly Lock _gate = new();
    readonly Dictionary<string, UploadReceiver> _active = new(StringComparer.Ordinal);
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

    /// <summary>Removes what nobody went on with for too long.</summary>
    public void Sweep()
    {
        long staged = 0;
        foreach (var entry in _directory.Entries().ToList())
        {
            if (_directory.Status(entry.Name) is not { } status)
            {
                continue;
            }

            bool isActive;
            lock (_gate)
            {
                isActive = _active.ContainsKey(entry.Name);
            }

            if (!isActive && _time.GetUtcNow() - status.Modified > _limits.Lifetime)
            {
                _directory.Unlink(entry.Name);
                continue;
            }

            staged += status.Size;
        }

        Interlocked.Exchange(ref _staged, staged);
    }

    public void Dispose() => _directory.Dispose();

    /// <exception cref="RepositoryException">PM5033, PM5038: more than is allowed.</exception>
    internal void Grow(long from, long to)
    {
        if (to > _limits.PackageSize)
        {
            throw TooLarge(to);
        }

        if (Interlocked.Add(ref _staged, to - from) > _limits.StagedSize && to > from)
        {
            Interlocked.Add(ref _staged, from - to);
            throw Full();
        }
    }

    internal void Leave(string name, UploadReceiver receiver)
    {
        lock (_gate)
        {
            if (_active.GetValueOrDefault(name) == receiver)
            {
                _active.Remove(name);
            }
        }
    }

    internal void Remove(string name)
    {
        if (_directory.Status(name) is { } there)
        {
            _directory.Unlink(name);
            Interlocked.Add(ref _staged, -there.Size);
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
            return null;
        }
    }

    void RequireRoom(UploadRange range)
    {
        if (range.Total > _limits.PackageSize)
        {
            throw TooLarge(range.Total.Value);
        }

        if (StagedSize + (range.Total - range.Offset ?? 0) > _limits.StagedSize)
        {
            Sweep();
        }

        if (StagedSize + (range.Total - range.Offset ?? 0) > _limits.StagedSize)
        {
            throw Full();
        }
    }

    /// <summary>Unfinished uploads on the disk and those that just begin.</summary>
    void RequireFew(string name)
    {
        var suffix = name[name.IndexOf('.', StringComparison.Ordinal)..];
        var others = _directory.Entries().Select(entry => entry.Name).Concat(_active.Keys)
            .Where(other => other != name && other.EndsWith(suffix, StringComparison.Ordinal)).Distinct().Count();
        if (others >= _limits.UnfinishedUploads)
        {
            throw new RepositoryException(
                "PM5032", $"this token has {others} unfinished uploads already: finish or wait {_limits.Lifetime.TotalHours:0} hours");
        }
    }

    RepositoryException TooLarge(long size) => new("PM5033", string.Create(
        CultureInfo.InvariantCulture, $"the package is too large: expected at most {_limits.PackageSize} bytes, got {size}"));

    RepositoryException Full() => new("PM5038", string.Create(
        CultureInfo.InvariantCulture, $"the space for uploads is full: {StagedSize} of {_limits.StagedSize} bytes"));
}
