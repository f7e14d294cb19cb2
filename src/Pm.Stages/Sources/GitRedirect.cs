using Pm.Remotes.Http;

namespace Pm.Stages.Sources;

/// <summary>
/// Follows what leads from the URL of a git repository to another, by the rules that all of pm has: never from https to http, to a file, or from outside to
/// this machine. Git has none but for the protocol.
/// </summary>
sealed class GitRedirect(HttpSettings settings)
{
    /// <summary>What git asks for first, behind the URL. Source: gitprotocol-http(5), "Smart Clients".</summary>
    const string Question = "/info/refs?service=git-upload-pack";

    /// <exception cref="Pm.Remotes.RemoteException">PM6003: no answer; PM6014: it is not followed.</exception>
    /// <exception cref="StageException">PM7210: it leads to what is no repository.</exception>
    public string Follow(string url, CancellationToken cancellation)
    {
        // Git runs on this thread, too, which belongs to it.
        var end = RedirectEnd.FindAsync(new Uri(url.TrimEnd('/') + Question), settings, cancellation).GetAwaiter().GetResult();
        return end.AbsoluteUri.EndsWith(Question, StringComparison.Ordinal)
            ? end.AbsoluteUri[..^Question.Length]
            : throw SourceFault.Refused(url, $"it leads to {Trust.ShownText.Of(end.AbsoluteUri)}, which is no git repository");
    }
}
