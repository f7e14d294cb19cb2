using System.Net;

namespace Pm.Remotes.Http;

/// <summary>What went wrong on the way to a server or back, in words.</summary>
static class HttpFailure
{
    /// <summary>A request that got no answer, or an answer that broke off.</summary>
    public static RemoteException Of(Uri url, Exception failure)
    {
        // The innermost says it: refused, unknown host, reset.
        var cause = failure;
        while (cause.InnerException is { } inner)
        {
            cause = inner;
        }

        return new RemoteException("PM6003", $"{url.AbsoluteUri}: {Plain(cause.Message)}", inner: failure);
    }

    /// <summary>An answer that is none: its status says why.</summary>
    public static RemoteException Of(Uri url, HttpStatusCode status, string? phrase) => new(
        "PM6011", $"{url.AbsoluteUri}: expected 200 OK, got {(int)status} {Trust.ShownText.Of(phrase ?? status.ToString())}");

    static string Plain(string message)
    {
        var text = message.TrimEnd('.', ' ').Replace('\'', '`');
        return text.Length > 1 && char.IsUpper(text[0]) && !char.IsUpper(text[1]) ? char.ToLowerInvariant(text[0]) + text[1..] : text;
    }
}
