namespace Pm.Repositories.Serving;

/// <summary>The headers of a request that decide which bytes of a file it gets, as they were sent; null: absent.</summary>
public readonly record struct FileConditions
{
    public string? IfMatch { get; init; }

    public string? IfUnmodifiedSince { get; init; }

    public string? IfNoneMatch { get; init; }

    public string? IfModifiedSince { get; init; }

    public string? IfRange { get; init; }

    public string? Range { get; init; }
}
