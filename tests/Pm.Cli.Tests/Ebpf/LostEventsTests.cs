using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Pm.Cli.Tests.Gear;
using Xunit;

namespace Pm.Cli.Tests.Ebpf;

/// <summary>Events that a ring buffer has no place for are counted, though their source says nothing of it: what is told and what was lost is all there was.</summary>
public sealed partial class LostEventsTests
{
    [Fact]
    public async Task A_run_says_while_it_goes_on_and_at_its_end_how_many()
    {
        using var sandbox = new Sandbox(null);
        var path = await Burst.BuildAsync(sandbox, "burst");
        var name = $"/burst-{Environment.ProcessId}";
        using var process = Burst.Start(sandbox, "run", "--json", path, "--", "--name", name);
        while (await process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken) is { } line && !line.Contains(" attached", StringComparison.Ordinal))
        {
        }

        Burst.Happen(name);
        var lines = new List<string> { await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) ?? "" };
        var meanwhile = await process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken) ?? "";
        sandbox.Shell($"kill -INT {process.Id}");
        lines.AddRange((await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        var said = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, process.ExitCode);
        using var produced = JsonDocument.Parse(lines[^1]);
        Assert.Equal(200, produced.RootElement.GetProperty("value").GetInt32());
        Assert.Equal(200, lines.Count - 1 + Lost(said, ""));
        Assert.InRange(int.Parse(Meanwhile().Match(meanwhile).Groups[1].Value, CultureInfo.InvariantCulture), 1, Lost(said, ""));
    }

    [Fact]
    public async Task Where_it_runs_on_its_own_its_events_come_with_how_many_are_missing()
    {
        using var sandbox = new Sandbox(null);
        var path = await Burst.BuildAsync(sandbox, $"burst-{Environment.ProcessId}");
        var name = $"/burst-alone-{Environment.ProcessId}";
        var run = await Burst.PmAsync(sandbox, "run", "-d", path, "--", "--name", name);
        Assert.True(run.Exit == 0, run.Talk);
        var pinned = Burst.Text(run).Trim();
        try
        {
            Burst.Happen(name);
            var first = await Burst.PmAsync(sandbox, "logs", "--json", pinned);
            Burst.Happen(name);
            var second = await Burst.PmAsync(sandbox, "logs", "--json", pinned);

            var told = Burst.Events(first);
            Assert.Equal(200, told + Lost(first.Talk, " since it was started"));
            Assert.Equal(400, told + Burst.Events(second) + Lost(second.Talk, " since it was started"));
            Assert.DoesNotContain(".bss", Burst.Text(await Burst.PmAsync(sandbox, "ps", "--json")), StringComparison.Ordinal);
        }
        finally
        {
            await Burst.PmAsync(sandbox, "stop", pinned);
        }
    }

    static int Lost(string said, string since)
    {
        var match = Warning().Match(said);
        Assert.True(match.Success && match.Groups[2].Value == since, said);
        return int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex("warning: ([0-9]+) events were lost so far: they come faster than they are read$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Meanwhile();

    [GeneratedRegex("warning: ([0-9]+) events were lost(.*): they came faster than they were read", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Warning();
}
