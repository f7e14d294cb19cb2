using System.Globalization;

namespace Pm.Repositories.Uploads;

/// <content>How much and how many there may be.</content>
public sealed partial class UploadStore
{
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

    void RequireRoom(UploadRange range)
    {
        if (range.Total > _limits.PackageSize)
        {
            throw TooLarge(range.Total.Value);
        }

        var more = range.Total - range.Offset ?? 0;
        if (StagedSize + more > _limits.StagedSize || _time.GetUtcNow() - _swept > SweepInterval)
        {
            Sweep();
        }

        if (StagedSize + more > _limits.StagedSize)
        {
            throw Full();
        }
    }

    /// <summary>Of uploads that are there and those that just begin.</summary>
    void RequireFew(string name)
    {
        if (_names.Contains(name))
        {
            return;
        }

        if (_names.Count >= _limits.StagedUploads)
        {
            Sweep();
        }

        if (_names.Count >= _limits.StagedUploads)
        {
            throw new RepositoryException("PM5038", $"the space for uploads is full: {_names.Count} of {_limits.StagedUploads} files");
        }

        var suffix = name[name.IndexOf('.', StringComparison.Ordinal)..];
        var others = _names.Count(other => other.EndsWith(suffix, StringComparison.Ordinal));
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
