namespace Pm.Remotes.Http;

/// <summary>Whether a URL's host is one for the wire: Uri takes more, and fails when it is asked for that form.</summary>
static class HostName
{
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
