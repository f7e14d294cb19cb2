using Pm.Simulation;
using Xunit;

namespace Pm.Cli.Tests;

/// <summary>What a keeper is told as time goes by.</summary>
public sealed class KeeperNoticeTests : IDisposable
{
    readonly string _directory = Directory.CreateTempSubdirectory("pm-keeper-").FullName;
    readonly ManualClock _clock = new();

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task A_root_that_expired_is_no_success()
    {
        await MakeAsync();
        var made = _clock.GetUtcNow();
        _clock.Advance(TimeSpan.FromDays(370));

        foreach (var dry in (string[][])[["-n"], [], ["--json"]])
        {
            var (exit, talk, _) = await RunAsync(["repo", "refresh", "--if-needed", .. dry, "r"]);
            Assert.Equal(ExitCode.Findings, exit);
            Assert.DoesNotContain("clients believe", talk, StringComparison.Ordinal);
            Assert.Equal(dry is not ["--json"], talk.Contains($"nobody believes this state since {made.AddDays(365):yyyy-MM-dd}: root and targets expired", StringComparison.Ordinal));
        }

        await MustAsync("repo", "refresh", "--role", "root", "--role", "targets", "--key", "ann.json", "r");
        Assert.Equal(ExitCode.Ok, (await RunAsync("repo", "refresh", "--if-needed", "r")).Exit);
    }

    [Fact]
    public async Task What_is_to_be_signed_together_is_one_command_and_no_more_while_it_waits()
    {
        await MakeAsync();
        _clock.Advance(TimeSpan.FromDays(365 - 1.5));
        var command = $"pm repo refresh --role root --role targets {_directory}/r";

        var (_, talk, _) = await RunAsync("repo", "refresh", "--if-needed", "r");
        var line = Assert.Single(talk.Split('\n'), line => line.StartsWith("warning: ", StringComparison.Ordinal));
        Assert.Matches("^warning: root expires on .{10}, in 1 day, targets expires on .{10}, in 1 day, and their keys are elsewhere: ", line);
        Assert.EndsWith($": {command}", line, StringComparison.Ordinal);

        await MustAsync(command.Split(' ')[1..]);
        foreach (var look in (string[])["list", "key", "verify"])
        {
            (_, talk, _) = await RunAsync("repo", look, "r");
            Assert.DoesNotContain("--role", talk, StringComparison.Ordinal);
            Assert.Contains($"their keys are elsewhere: the change that waits for signatures renews them, pm repo sign {_directory}/r/pending.json shows it", talk, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_lost_key_is_told_of_with_the_time_that_is_left()
    {
        await MakeAsync();
        File.Delete(Path.Join(_directory, "r/keys/timestamp.json"));
        var remedy = $"not here: pm repo key --rotate timestamp {_directory}/r";

        Assert.Contains($"warning: the key of timestamp is {remedy}", (await RunAsync("repo", "refresh", "--if-needed", "r")).Talk, StringComparison.Ordinal);
        _clock.Advance(TimeSpan.FromDays(31.5));
        var (_, talk, _) = await RunAsync("repo", "list", "r");

        Assert.Matches(@"warning: the key of timestamp \(expired on .{10}, 1 day ago\) is " + remedy, talk);
        Assert.DoesNotContain("--role", talk, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Failed, (await RunAsync("repo", "refresh", "--if-needed", "r")).Exit);
    }

    /// <summary>Ann alone has the keys of root and targets.</summary>
    async Task MakeAsync()
    {
        await MustAsync("repo", "key", "--create", "ann.json");
        await MustAsync("repo", "init", "--add", "root=ann.json.pub", "--add", "targets=ann.json.pub", "--key", "ann.json", "r");
    }

    async Task MustAsync(params string[] words)
    {
        var (exit, talk, _) = await RunAsync(words);
        Assert.True(exit == ExitCode.Ok, $"pm {string.Join(' ', words)}: {exit}\n{talk}");
    }

    async Task<(ExitCode Exit, string Talk, string Data)> RunAsync(params string[] words)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["HOME"] = _directory, ["PM_ROOT"] = Path.Join(_directory, "root") };
        using var world = new World(environment: environment, clock: _clock);
        world.Context = world.Context with { WorkingDirectory = _directory };
        return (await world.RunAsync(words), world.Talk, world.Data);
    }
}
