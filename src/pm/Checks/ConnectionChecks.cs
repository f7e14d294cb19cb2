using Pm.Cli.Roots;
using Pm.Remotes.Http;

namespace Pm.Cli.Checks;

/// <summary>The way to a server, step by step.</summary>
static class ConnectionChecks
{
    public static async Task<List<(string Name, Finding Finding)>> LookAsync(PmContext context, string url)
    {
        var steps = await ConnectionProbe.RunAsync(url, HttpAccess.Settings(context), context.Cancellation);
        return [.. steps.Select(s => (s.Name, new Finding(s.IsGood ? CheckState.Good : CheckState.Problem, s.Detail, s.Hint ?? HintFor(s))))];
    }

    static string? HintFor(ProbeStep step) => step.IsGood ? null : step.Name switch
    {
        "connection" => "is the address right, and does a firewall stand between? `--proxy HOST:PORT` goes another way",
        "tunnel" => "the proxy refuses: its administrator says which hosts it lets through",
        _ => null,
    };
}
