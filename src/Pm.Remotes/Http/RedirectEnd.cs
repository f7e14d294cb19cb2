namespace Pm.Remotes.Http;

/// <summary>Where a URL leads, by the rules of <see cref="RedirectRule"/>: for programs that are to follow nothing themselves.</summary>
public static class RedirectEnd
{
    /// <summary>Asks for the URL, and whoever it leads to; what they answer is not read.</summary>
    /// <exception cref="RemoteException">PM6003: no answer; PM6014: a redirect was refused.</exception>
    public static async Task<Uri> FindAsync(Uri url, HttpSettings settings, CancellationToken cancellation)
    {
        using var transport = new HttpTransport(settings);
        using var answer = await transport.GetAsync(new HttpCall(url), cancellation);
        return answer.Url;
    }
}
