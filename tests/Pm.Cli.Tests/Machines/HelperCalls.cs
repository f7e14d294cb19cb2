using System.Text.RegularExpressions;
using Xunit;

namespace Pm.Cli.Tests.Machines;

/// <summary>Programs that call one helper each (callers.bpf.c): which of them a kernel takes, running them shows.</summary>
static partial class HelperCalls
{
    /// <param name="run">Where they were run.</param>
    /// <param name="check">What was said before.</param>
    public static void AreForeseen(MachineStep run, MachineStep check)
    {
        Assert.True(run.Exit == 0, run.ToString());
        var rows = check.Output.Split('\n').Select(l => l.Split('\t')).Where(r => r.Length > 3).ToList();
        Assert.True(rows.Count == 23, check.ToString());
        Assert.DoesNotContain(rows, r => r[3] == "unknown");

        var refused = Refused().Matches(run.Errors).Select(m => m.Groups[1].Value).ToHashSet();
        Assert.True(refused.SetEquals(rows.Where(r => r[3] == "no").Select(r => r[1])), $"{check}\n{run}");
        Assert.Contains("`bpf_copy_from_user`", rows.Single(r => r[1] == "entry_waits")[4], StringComparison.Ordinal);
        Assert.Equal("yes", rows.Single(r => r[1] == "exit_returns")[3]);
    }

    [GeneratedRegex(@"program `(\w+)` \(", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Refused();
}
