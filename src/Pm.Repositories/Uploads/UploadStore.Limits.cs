using System.Globalization;

namespace Pm.Repositories.Uploads;

/// <content>How much and how many there may be.</content>
public sealed partial class UploadStore
{
    /// <summary>Gives a receiver leave to write so far.</summary>
    /// <exception cref="RepositoryException">PM5033, PM5038: more than is allowed.</exception>
    internal void Grow(string name, long to)
    {
        if (to > _limits.PackageSize)
        {
            throw TooLarge(to);
        }

        lock (_gate)
        {
            RequireSpace(OwnerOf(name)!, to - _shares.SizeOf(name));
            _shares.Set(name, OwnerOf(name), to);
        }
    }

    void RequireRoom(UploadRange range, string owner)
    {
        if (range.Total > _limits.PackageSize)
        {
            throw TooLarge(range.Total.Value);
        }

        var more = range.Total - range.Offset ?? 0;
        lock (_gate)
        {
            if (!HasSpace(owner, more) || _time.GetUtcNow() - _swept > SweepInterval)
            {
                Sweep();
            }

            RequireSpace(owner, more);
        }
    }

    bool HasSpace(string owner, long more) =>
        more <= 0 || (_shares.Size + more <= _limits.StagedSize && _shares.Of(owner).Size + more <= _limits.OfToken.Size);

    void RequireSpace(string owner, long more)
    {
        if (!HasSpace(owner, more))
        {
            throw _shares.Size + more > _limits.StagedSize
                ? Full(_shares.Size, _limits.StagedSize, "bytes")
                : FullOfToken(_shares.Of(owner).Size, _limits.OfToken.Size, "bytes");
        }
    }

    /// <summary>Of uploads that are there and those that just begin.</summary>
    void RequireFew(string name, string owner)
    {
        if (_shares.Contains(name))
        {
            return;
        }

        if (_shares.Count >= _limits.StagedUploads || _shares.Of(owner).Count >= _limits.OfToken.Count)
        {
            Sweep();
        }

        if (_shares.Count >= _limits.StagedUploads)
        {
            throw Full(_shares.Count, _limits.StagedUploads, "files");
        }

        if (_shares.Of(owner).Count is var own && own >= _limits.OfToken.Count)
        {
            throw FullOfToken(own, _limits.OfToken.Count, "files");
        }

        var others = _shares.Names.Count(other => OwnerOf(other) == owner);
        if (others >= _limits.UnfinishedUploads)
        {
            throw new RepositoryException(
                "PM5032", $"this token has {others} unfinished uploads already: finish or wait {_limits.Lifetime.TotalHours:0} hours");
        }
    }

    RepositoryException TooLarge(long size) => new("PM5033", string.Create(
        CultureInfo.InvariantCulture, $"the package is too large: expected at most {_limits.PackageSize} bytes, got {size}"));

    static RepositoryException Full(long there, long limit, string what) => new("PM5038", string.Create(
        CultureInfo.InvariantCulture, $"the space for uploads is full: {there} of {limit} {what}"));

    static RepositoryException FullOfToken(long there, long limit, string what) => new("PM5038", string.Create(
        CultureInfo.InvariantCulture, $"the space for uploads of one token is full: {there} of {limit} {what}"), "publish what is uploaded");
}
