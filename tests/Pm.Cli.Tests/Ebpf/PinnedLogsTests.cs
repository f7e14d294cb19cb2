using Pm.Cli.Tests.Gear;
using Xunit;

namespace Pm.Cli.Tests.Ebpf;

/// <summary>What runs on its own is shown as if it ran in the foreground: its events, and its maps.</summary>
public sealed class PinnedLogsTests
{
    const string Produced = "{\"map\":\"produced\",\"key\":0,\"value\":200}";

    [Fact]
    public async Task Maps_are_shown_once_or_at_the_end_of_what_is_followed()
    {
        using var sandbox = new Sandbox(null);
        var path = await Burst.BuildAsync(sandbox, $"shown-{Environment.ProcessId}");
        var name = $"/shown-{Environment.ProcessId}";
        var pinned = await StartAsync(sandbox, path, name);
        try
        {
            Burst.Happen(name);
            using var following = Burst.Start(sandbox, "logs", "-f", "--json", pinned);
            var first = await following.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
            var other = await Burst.PmAsync(sandbox, "logs", pinned);
            await Burst.PmAsync(sandbox, "stop", pinned);
            var lines = (await following.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

            Assert.Contains("\"number\":0", first, StringComparison.Ordinal);
            Assert.Contains("PM8054", other.Talk, StringComparison.Ordinal);
            Assert.Equal(Produced, lines[^1]);
            Assert.Single(lines, l => l == Produced);
        }
        finally
        {
            await Burst.PmAsync(sandbox, "stop", pinned);
        }
    }

    [Fact]
    public async Task A_package_of_eunomias_is_shown_as_the_package_has_it()
    {
        using var sandbox = new Sandbox(null);
        var path = await Burst.BuildAsync(sandbox, $"packed-{Environment.ProcessId}");
        await Burst.DoAsync(sandbox, "pkg", "convert", path, "package.json");
        var name = $"/packed-{Environment.ProcessId}";
        var pinned = await StartAsync(sandbox, "package.json", name);
        try
        {
            Assert.Equal($"packed_{Environment.ProcessId}_bpf/1", pinned);
            File.Delete(Path.Join(sandbox.Work, "package.json"));
            Burst.Happen(name);
            var lines = Burst.Text(await Burst.PmAsync(sandbox, "logs", pinned)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            var json = Burst.Text(await Burst.PmAsync(sandbox, "logs", "--json", pinned)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

            Assert.Equal("TIME     NUMBER FILLER", lines[0].TrimEnd());
            Assert.Matches("^[0-9]{2}:[0-9]{2}:[0-9]{2} 0 ", lines[1]);
            Assert.Equal(["{\"key\":0,\"value\":200}"], lines[^1..]);
            Assert.Equal(["{\"key\":0,\"value\":200}"], json);
        }
        finally
        {
            await Burst.PmAsync(sandbox, "stop", pinned);
        }
    }

    static async Task<string> StartAsync(Sandbox sandbox, string path, string name)
    {
        var run = await Burst.PmAsync(sandbox, "run", "-d", path, "--", "--name", name);
        Assert.True(run.Exit == 0, run.Talk);
        return Burst.Text(run).Trim();
    }
}
