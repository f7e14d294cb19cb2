using System.Globalization;

namespace Pm.Remotes.Http;

/// <summary>Whether a URL's host is one for the wire: Uri takes more, and fails when it is asked for that form.</summary>
static class HostName
{
    /// <summary>The URL that a text is, where it is one with such a host. Of invisible letters, which it drops, Uri can fail instead of saying so.</summary>
    public static Uri? UrlOf(string text) =>
        !text.Any(c => char.GetUnicodeCategory(c) is UnicodeCategory.Format) && Uri.TryCreate(text, UriKind.Absolute, out var url) && IsGood(url) ? url : null;

    public static bool IsGood(Uri url)
    {
        try
        {
            // Letters that Uri drops from a host may leave nothing of it.
            return url.IdnHost.Length >= 0 && Uri.TryCreate(url.AbsoluteUri, UriKind.Absolute, out _);
        }
        catch (UriFormatException)
        {
            return false;
        }
    }
}
