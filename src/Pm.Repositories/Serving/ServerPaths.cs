namespace Pm.Repositories.Serving;

/// <summary>Which paths are the server's own, and which of a repository are no files. Source: docs/formats/http.md.</summary>
public static class ServerPaths
{
    static readonly string[] FirstParts = ["", "health", "metrics", ".well-known", "assets", "search", "p", "r"];

    /// <summary>Whether the path of a request belongs to the server, not to a repository.</summary>
    /// <param name="path">Decoded, without its first slash.</param>
    public static bool IsOfServer(ReadOnlySpan<char> path)
    {
        var slash = path.IndexOf('/');
        return IsFirstPart(slash < 0 ? path : path[..slash]);
    }

    /// <summary>Whether no namespace may begin with that part: a server with one repository has its endpoints there.</summary>
    public static bool IsReserved(ReadOnlySpan<char> part) => part is "api" || IsFirstPart(part);

    /// <summary>Whether a path below a repository's base is an endpoint of it, whatever files there are.</summary>
    public static bool IsEndpoint(ReadOnlySpan<char> path) => path is "" or "auto" or "config.json" || path.StartsWith("api/");

    static bool IsFirstPart(ReadOnlySpan<char> part)
    {
        foreach (var word in FirstParts)
        {
            if (part.SequenceEqual(word))
            {
                return true;
            }
        }

        return false;
    }
}
