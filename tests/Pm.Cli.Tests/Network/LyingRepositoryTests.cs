using Pm.Simulation.Lying;
using Pm.Simulation.Repositories;
using Pm.Trust.Tuf;
using Xunit;

namespace Pm.Cli.Tests.Network;

/// <summary>A web server that obeys HTTP and serves states that no publisher made.</summary>
public sealed class LyingRepositoryTests
{
    [Fact]
    public async Task An_old_snapshot_under_a_new_timestamp_is_refused()
    {
        await using var story = await RemoteStory.BeginAsync();
        var old = story.Repository.Files["snapshot.json"];
        story.Repository.Publish(new SimulatedPackage("tool@2.0.0"));
        story.Repository.Files[$"{story.Repository.SnapshotVersion}.snapshot.json"] = old;

        await RefusedAsync(story, ExitCode.Refused, "snapshot");
    }

    [Fact]
    public async Task An_old_state_is_refused_as_a_rollback()
    {
        await using var story = await RemoteStory.BeginAsync();
        var old = story.Repository.Save();
        story.Repository.Publish(new SimulatedPackage("other@1.0.0"));
        await story.MustAsync("pull", "-q");
        story.Repository.Restore(old);

        await RefusedAsync(story, ExitCode.Refused, "rollback");
    }

    [Fact]
    public async Task An_old_state_for_ever_is_refused_when_it_expires()
    {
        await using var story = await RemoteStory.BeginAsync();
        var old = story.Repository.Save();
        story.Repository.Expires = story.Clock.GetUtcNow().AddDays(90);
        story.Repository.PublishRoot();
        story.Repository.Publish(new SimulatedPackage("tool@2.0.0"));
        var current = story.Repository.Save();
        story.Repository.Restore(old);
        story.Clock.Advance(TimeSpan.FromDays(40));

        await RefusedAsync(story, ExitCode.Refused, "expired");
        story.Repository.Restore(current);
        Assert.Equal(ExitCode.Ok, await story.UpdateAsync());
    }

    [Fact]
    public async Task A_chain_of_roots_with_a_gap_ends_before_it()
    {
        await using var story = await RemoteStory.BeginAsync();
        story.Repository.Rotate("timestamp");
        story.Repository.Rotate("timestamp");
        story.Repository.Publish(new SimulatedPackage("tool@2.0.0"));
        var second = story.Repository.Files["2.root.json"];
        story.Repository.Files.Remove("2.root.json");

        await RefusedAsync(story, ExitCode.Refused, "timestamp");
        story.Repository.Files["2.root.json"] = second;
        Assert.Equal(ExitCode.Ok, await story.UpdateAsync());
        Assert.Equal("tool@2.0.0", story.Installed);
    }

    [Theory]
    [InlineData((1L << 53) - 1)]
    [InlineData(0)]
    public async Task Metadata_of_the_right_hash_and_an_absurd_length_is_refused(long length)
    {
        await using var story = await RemoteStory.BeginAsync();
        var repository = story.Repository;
        repository.Publish(new SimulatedPackage("tool@2.0.0"));
        var named = MetaFile.Of(repository.SnapshotVersion, repository.Files["snapshot.json"]) with { Length = length };
        repository.Files["timestamp.json"] = RoleSigner.Sign(
            new TimestampMetadata { Version = repository.TimestampVersion, Expires = repository.Expires, Snapshot = named }, repository.Keys["timestamp"]);

        await RefusedAsync(story, ExitCode.Refused, "snapshot.json");
    }

    [Fact]
    public async Task Another_package_under_this_name_is_refused()
    {
        await using var story = await RemoteStory.BeginAsync();
        story.Repository.Publish(new SimulatedPackage("tool@2.0.0"));
        story.Server.LiesAbout = path => !path.EndsWith(".json", StringComparison.Ordinal);
        story.Server.LieAlways = async answer =>
        {
            var other = story.Repository.Files["tool-1.0.0.pkg"];
            await answer.SendHeadAsync("200 OK", $"Content-Length: {other.Length}");
            await answer.SendAsync(other);
        };

        await RefusedAsync(story, ExitCode.Refused, "");
    }

    [Fact]
    public async Task A_state_that_is_replaced_while_it_is_fetched_is_whole_all_the_same()
    {
        await using var story = await RemoteStory.BeginAsync();
        story.Repository.Publish(new SimulatedPackage("tool@2.0.0"));
        story.Server.Lies["timestamp.json"] = async answer =>
        {
            await Truth.TellAsync(answer);
            story.Server.Lies.Clear();
            story.Repository.Publish(new SimulatedPackage("tool@3.0.0"));
        };

        Assert.Equal(ExitCode.Ok, await story.UpdateAsync());
        Assert.Equal("tool@2.0.0", story.Installed);
        Assert.Equal(ExitCode.Ok, await story.UpdateAsync());
        Assert.Equal("tool@3.0.0", story.Installed);
    }

    public static TheoryData<string> Names => ["../evil/1.0.0", "%2e%2e/1.0.0", "a\\b/1.0.0", "/etc/passwd", "tool?x/1.0.0", "http://evil.test/1.0.0", "tool/1.0.0/../../x", "tool/\u0000", "tool#x/1.0.0"];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Names_that_could_lead_elsewhere_are_never_asked_for(string name)
    {
        await using var story = await RemoteStory.BeginAsync();
        story.Repository.AddTarget(name, [1, 2, 3], """{"merkle":"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff","size":3}""");
        story.Repository.Publish(new SimulatedPackage("tool@2.0.0"));
        var known = story.Repository.Files.Keys.Append("2.root.json").ToHashSet();

        Assert.Equal(ExitCode.Ok, await story.UpdateAsync());

        Assert.Equal("tool@2.0.0", story.Installed);
        Assert.All(story.Server.Requests, r => Assert.True(
            known.Contains(r.Path) || r.Path.EndsWith(".zst", StringComparison.Ordinal) || r.Path.StartsWith("signatures/", StringComparison.Ordinal), r.Path));
    }

    static async Task RefusedAsync(RemoteStory story, ExitCode expected, string words)
    {
        var before = story.State();

        var exit = await story.UpdateAsync();

        Assert.True(exit == expected, $"{exit}\n{story.Talk}");
        Assert.Contains(words, story.Talk, StringComparison.Ordinal);
        Assert.Contains(story.Server.Url, story.Talk, StringComparison.Ordinal);
        Assert.Equal(before, story.State());
        Assert.Equal("tool@1.0.0", story.Installed);
    }
}
