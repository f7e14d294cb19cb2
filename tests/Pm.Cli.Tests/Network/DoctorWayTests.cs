using Xunit;

namespace Pm.Cli.Tests.Network;

/// <summary>A server of plain files has nothing at the URL of a remote itself.</summary>
public sealed class DoctorWayTests
{
    [Fact]
    public async Task A_remote_is_asked_for_what_a_pull_asks_it_for()
    {
        await using var story = await RemoteStory.BeginAsync();
        story.Server.Requests.Clear();

        await story.MustAsync("doctor", "far");

        Assert.Equal(["timestamp.json"], Asked(story));
    }

    [Fact]
    public async Task One_without_signed_metadata_is_asked_for_its_list()
    {
        await using var story = new RemoteStory();
        await story.MustAsync("remote", "add", "-q", "--plain", "--name", "far", story.Server.Url);
        story.Server.Requests.Clear();

        _ = await story.RunAsync("doctor", "far");

        Assert.Equal(["available.json"], Asked(story));
    }

    [Fact]
    public async Task A_url_is_asked_for_as_it_is()
    {
        await using var story = await RemoteStory.BeginAsync();

        Assert.Equal(ExitCode.Findings, await story.RunAsync("doctor", story.Server.Url));
    }

    static IEnumerable<string> Asked(RemoteStory story) => story.Server.Requests.Select(r => r.Path.Trim((char)47));
}
