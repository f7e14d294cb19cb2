using System.Net;
using System.Text;

namespace Pm.Remotes.Http;

/// <summary>Where an answer may send pm: not to another kind of place, and never from a protected one to an open one.</summary>
static class RedirectRule
{
    /// <summary>Redirects that are followed for one request.</summary>
    public const int Limit = 10;

    const int MaximumLength = 8192;

    public static bool IsRedirect(HttpStatusCode status) => status is HttpStatusCode.MovedPermanently or HttpStatusCode.Found
        or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;

    /// <summary>The next place to ask.</summary>
    /// <param name="from">Who answered.</param>
    /// <param name="location">The text of its <c>Location</c>; null where it has none.</param>
    /// <exception cref="RemoteException">PM6014: it is not followed.</exception>
    public static Uri Next(Uri from, string? location)
    {
        if (location is null)
        {
            throw Refused(from, "it names no place");
        }

        if (location.Length > MaximumLength)
        {
            throw Refused(from, $"expected at most {MaximumLength} characters, got {location.Length}");
        }

        if (HasControl(location))
        {
            throw Refused(from, $"`{Trust.ShownText.Of(location)}` holds control characters");
        }

        // RFC 3986 has no others. Uri takes them, and fails on some where the host of the request is made of them.
        if (!Ascii.IsValid(location))
        {
            throw Refused(from, $"`{Trust.ShownText.Of(location)}` holds characters that no URL has: they are written as %HH");
        }

        if (!Uri.TryCreate(from, location, out var next))
        {
            throw Refused(from, $"`{Trust.ShownText.Of(location)}` is not a URL");
        }

        var fault = next.Scheme is not ("http" or "https") ? "pm follows to http and https only"
            : from.Scheme == "https" && next.Scheme == "http" ? "it leads from https to http"
            : next.UserInfo.Length > 0 ? "it holds credentials"
            : next.Host.Length == 0 ? "it names no host"
            : null;
        return fault is null ? next : throw Refused(from, $"`{Trust.ShownText.Of(location)}`: {fault}");
    }

    public static RemoteException Refused(Uri from, string why) =>
        new("PM6014", $"{from.AbsoluteUri}: redirect refused: {why}");

    /// <summary>Also written as %HH: what decodes it on the way would end the line there.</summary>
    static bool HasControl(string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            var isEscape = text[at] == '%' && at + 2 < text.Length
                && char.IsAsciiHexDigit(text[at + 1]) && char.IsAsciiHexDigit(text[at + 2]);
            var letter = isEscape ? (char)Convert.FromHexString(text.AsSpan(at + 1, 2))[0] : text[at];
            if (letter is < ' ' or '\x7f')
            {
                return true;
            }
        }

        return false;
    }
}
