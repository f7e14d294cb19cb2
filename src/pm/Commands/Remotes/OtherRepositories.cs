using Pm.Cli.Roots;
using Pm.Remotes;

namespace Pm.Cli.Commands.Remotes;

/// <summary>Where a URL leads to no repository of a server that has some: which of them is meant.</summary>
static class OtherRepositories
{
    const int MostListed = 10;

    /// <summary>The same refusal, with a hint at what the server has instead.</summary>
    /// <param name="context">The run.</param>
    /// <param name="refusal">Says that nothing is at <paramref name="url"/>.</param>
    /// <param name="url">Where something was asked for.</param>
    /// <param name="command">What a URL is put behind: <c>pm remote add</c>.</param>
    public static async Task<RemoteException> NamedAsync(PmContext context, RemoteException refusal, RemoteUrl url, string command)
    {
        using var fetchers = new Fetchers(() => HttpAccess.Settings(context));
        var there = (await ServerDirectory.FindAsync(fetchers, url, context.Cancellation)).Where(other => other != url).Select(other => other.Text).ToList();
        return Hint(url, there, command) is { } hint ? new RemoteException(refusal.Code, refusal.Message, hint, refusal) : refusal;
    }

    static string? Hint(RemoteUrl url, List<string> there, string command)
    {
        if (there.Count == 0)
        {
            return null;
        }

        if (Typo.Nearest(PathOf(url.Text), there.Select(PathOf)) is { } near)
        {
            return $"did you mean `{command} {there.First(other => PathOf(other) == near)}`?";
        }

        var rest = there.Count - MostListed;
        return there is [var only]
            ? $"`{command} {only}`"
            : $"`{command} URL` with one of {string.Join(", ", there.Take(MostListed))}{(rest > 0 ? $" and {rest} more" : "")}";
    }

    /// <summary>They differ in nothing else.</summary>
    static string PathOf(string url) => new Uri(url).AbsolutePath.Trim('/');
}
