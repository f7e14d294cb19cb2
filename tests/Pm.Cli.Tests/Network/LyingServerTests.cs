using Pm.Simulation.Lying;
using Pm.Simulation.Repositories;
using Xunit;

namespace Pm.Cli.Tests.Network;

/// <summary>
/// Whatever a web server does while pm pulls and updates: either the update is the published one, or nothing changed, the
/// message names the server, and the same commands succeed when it is honest again.
/// </summary>
public sealed class LyingServerTests
{
    /// <summary>What a lie without an end may send before pm has gone away, most of it into buffers of the kernel.</summary>
    const long MostBytes = 64 << 20;

    static readonly string[] About = ["timestamp.json", ".targets.json", "content"];

    public static TheoryData<string> AllLies => [.. LieTable.All.Keys];

    [Theory]
    [MemberData(nameof(AllLies))]
    public async Task The_root_is_as_it_was_or_as_published(string name)
    {
        await using var story = await RemoteStory.BeginAsync();
        var longest = TimeSpan.FromSeconds(name is "silence" or "stall before the end" ? 60 : 2);
        var version = 1;
        foreach (var about in About)
        {
            version++;
            story.Repository.Publish(new SimulatedPackage($"tool@{version}.0.0"));
            story.Server.LiesAbout = path => IsAbout(path, about);
            story.Server.LieAlways = LieTable.All[name];
            var (before, sent) = (story.State(), story.Server.SentBytes);

            var exit = await story.UpdateAsync(longest);

            story.Server.LieAlways = null;
            if (story.Installed == $"tool@{version}.0.0")
            {
                Assert.Equal(ExitCode.Ok, exit);
            }
            else
            {
                Assert.True(exit is ExitCode.Refused or ExitCode.Unreachable or ExitCode.Invalid, $"{about}: {exit}\n{story.Talk}");
                Assert.Equal(before, story.State());
                Assert.Contains(story.Server.Url, story.Talk, StringComparison.Ordinal);
            }

            Assert.True(story.Server.SentBytes - sent < MostBytes, $"{about}: {story.Server.SentBytes - sent} bytes");
            exit = await story.UpdateAsync();
            Assert.True(exit == ExitCode.Ok, $"{about}: {exit}\n{story.Talk}");
            Assert.Equal($"tool@{version}.0.0", story.Installed);
        }
    }

    static bool IsAbout(string path, string about) => about == "content"
        ? !path.EndsWith(".json", StringComparison.Ordinal)
        : path.EndsWith(about, StringComparison.Ordinal);
}
