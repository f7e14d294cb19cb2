namespace Pm.Repositories.Serving;

/// <summary>How a request for a file that is there is answered. Source: RFC 9110 13.2.2 and 14.</summary>
/// <param name="Status">200, 206, 304, 412 or 416.</param>
/// <param name="Offset">Of the first byte that is sent.</param>
/// <param name="Count">Of the bytes that a GET is sent.</param>
public readonly record struct FileAnswer(int Status, long Offset, long Count)
{
    public bool HasContent => Status is 200 or 206;

    /// <summary>Decides; ranges are only obeyed for GET.</summary>
    public static FileAnswer Decide(in FileConditions conditions, bool isGet, long size, string tag, DateTimeOffset modified)
    {
        if (Precondition(conditions, tag, HttpDate.Cut(modified)) is { } status)
        {
            return new FileAnswer(status, 0, 0);
        }

        if (!isGet || conditions.Range is null || !IsCurrent(conditions.IfRange, tag, modified))
        {
            return new FileAnswer(200, 0, size);
        }

        var range = ByteRange.Parse(conditions.Range, size);
        return range.Kind switch
        {
            ByteRangeKind.Part => new FileAnswer(206, range.Offset, range.Count),
            ByteRangeKind.Unsatisfiable => new FileAnswer(416, 0, 0),
            _ => new FileAnswer(200, 0, size),
        };
    }

    /// <summary>412, 304 or null: go on. A date is only looked at where no tag was sent.</summary>
    static int? Precondition(in FileConditions conditions, string tag, DateTimeOffset modified)
    {
        var isAllowed = conditions.IfMatch is { } match ? EntityTags.Contains(match, tag, allowsWeak: false)
            : conditions.IfUnmodifiedSince is not { } unmodified || HttpDate.Parse(unmodified) is not { } before || modified <= before;
        if (!isAllowed)
        {
            return 412;
        }

        var isKnown = conditions.IfNoneMatch is { } none ? EntityTags.Contains(none, tag, allowsWeak: true)
            : conditions.IfModifiedSince is { } since && HttpDate.Parse(since) is { } after && modified <= after;
        return isKnown ? 304 : null;
    }

    /// <summary>Whether the part that the client has is of this very file.</summary>
    static bool IsCurrent(string? ifRange, string tag, DateTimeOffset modified) => ifRange switch
    {
        null => true,
        ['"', ..] => ifRange == tag,
        _ => HttpDate.Parse(ifRange) == HttpDate.Cut(modified),
    };
}
