using Pm.Simulation.Repositories;
using Xunit;

namespace Pm.Cli.Tests.Network;

/// <summary>A list that nobody vouches for any more: a freeze, or a repository that nobody keeps (docs/adr/0014).</summary>
public sealed class ExpiredListTests
{
    [Theory]
    [InlineData("install", "-q", "--allow-unsigned", "more")]
    [InlineData("install", "-n", "--allow-unsigned", "more")]
    [InlineData("fetch", "-q", "--allow-unsigned", "more")]
    [InlineData("run", "-q", "--allow-unsigned", "more")]
    public async Task Nothing_comes_in_by_it(params string[] words)
    {
        await using var story = await StoryAsync();
        Assert.Equal(ExitCode.Ok, await story.RunAsync("install", "-n", "--allow-unsigned", "more"));
        story.Clock.Advance(TimeSpan.FromDays(31));
        var before = story.State();

        Assert.Equal(ExitCode.Refused, await story.RunAsync(words));

        Assert.Contains("error[PM7507]: more@1.0.0 is not taken from remote `far`: its list expired", story.Talk, StringComparison.Ordinal);
        Assert.Equal(before, story.State());
    }

    [Fact]
    public async Task Offline_it_is_gone_by_and_its_age_is_said()
    {
        await using var story = await StoryAsync();
        await story.MustAsync("fetch", "-q", "--allow-unsigned", "more");
        story.Clock.Advance(TimeSpan.FromDays(33));

        await story.MustAsync("install", "--offline", "--allow-unsigned", "more");

        Assert.Contains("remote `far`: its list expired 3 days ago", story.Talk, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_here_may_go_and_an_update_without_news_says_what_it_rests_on()
    {
        await using var story = await StoryAsync();
        story.Clock.Advance(TimeSpan.FromDays(33));

        await story.MustAsync("update", "--allow-unsigned");
        Assert.Contains("its list expired 3 days ago", story.Talk, StringComparison.Ordinal);
        await story.MustAsync("remove", "-y", "tool");
    }

    [Fact]
    public async Task A_fresh_pull_helps()
    {
        await using var story = await StoryAsync();
        story.Clock.Advance(TimeSpan.FromDays(31));
        story.Repository.Expires = story.Clock.GetUtcNow().AddDays(30);
        story.Repository.PublishRoot();
        story.Repository.Publish();
        await story.MustAsync("pull", "-q");

        await story.MustAsync("install", "-q", "--allow-unsigned", "more");
    }

    [Theory]
    [InlineData("snapshot")]
    [InlineData("targets")]
    public async Task The_first_of_all_lists_that_expires_counts(string role)
    {
        await using var story = await StoryAsync();
        var late = story.Repository.Expires;
        story.Repository.Expires = story.Clock.GetUtcNow().AddDays(5);
        if (role == "targets")
        {
            story.Repository.PublishTargets();
            story.Repository.Expires = late;
        }

        story.Repository.PublishSnapshot();
        story.Repository.Expires = late;
        story.Repository.PublishTimestamp();
        await story.MustAsync("pull", "-q");
        story.Clock.Advance(TimeSpan.FromDays(6));

        Assert.Equal(ExitCode.Refused, await story.RunAsync("install", "-q", "--allow-unsigned", "more"));
        Assert.Contains("PM7507", story.Talk, StringComparison.Ordinal);
    }

    /// <summary>Offers a package that is not installed.</summary>
    static async Task<RemoteStory> StoryAsync()
    {
        var story = await RemoteStory.BeginAsync();
        story.Repository.Publish(new SimulatedPackage("more@1.0.0"));
        await story.MustAsync("pull", "-q");
        return story;
    }
}
