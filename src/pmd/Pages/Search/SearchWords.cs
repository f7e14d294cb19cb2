namespace Pm.Daemon.Pages.Search;

/// <summary>What somebody looks for, as typed.</summary>
static class SearchWords
{
    /// <summary>In characters, and in bytes when it is shown; what is longer is cut.</summary>
    public const int MaximumLength = 400;

    const int MaximumWords = 10;

    /// <summary><c>?q=</c>, and its words.</summary>
    public static (string Query, IReadOnlyList<string> Words) Of(HttpRequest request)
    {
        var query = PageRoom.Cut((request.Query["q"].FirstOrDefault() ?? "").Trim(), MaximumLength);
        return (query, [.. query.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Take(MaximumWords)]);
    }
}
