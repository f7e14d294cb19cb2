using Xunit;

namespace Pm.Cli.Tests.Network;

/// <summary>With --offline nobody is asked.</summary>
public sealed class OfflineTests
{
    [Fact]
    public async Task A_pull_from_elsewhere_is_refused_before_anybody_is_asked()
    {
        await using var story = await RemoteStory.BeginAsync();
        var asked = story.Server.Requests.Count;

        Assert.Equal(ExitCode.Unreachable, await story.RunAsync("pull", "--offline"));

        Assert.Contains("PM7504", story.Talk, StringComparison.Ordinal);
        Assert.Equal(asked, story.Server.Requests.Count);
    }
}
