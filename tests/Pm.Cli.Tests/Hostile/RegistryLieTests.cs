using System.Text.RegularExpressions;
using Xunit;

namespace Pm.Cli.Tests.Hostile;

/// <summary>
/// Whatever is done to pm while it speaks to a registry of containers: either what the registry has comes, or nothing changed anywhere, one line names what was
/// met and where, a hint says what to do, and the same command succeeds when all is honest again.
/// </summary>
public sealed class RegistryLieTests(RegistryKeeper stories) : IClassFixture<RegistryKeeper>
{
    const long MostKept = 16 << 20;

    /// <summary>What only registries are told: each part is named by a digest, and who asks has to be somebody.</summary>
    const string OwnWords = "expected sha256 .*, got|expected 200 OK, got|the registry does not let pat do that|the registry has";

    public static TheoryData<string> All => [.. LieTable.All.Where(lie => lie.Applies(RemoteFace.Oci)).Select(lie => lie.ToString())];

    public static TheoryData<string> Pushed => [.. LieTable.All.Where(lie => lie.Applies(RemoteFace.Oci) && lie.NewOci is null).Select(lie => lie.ToString())];

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(All))]
    public async Task A_lie_changes_nothing_or_is_named(string name)
    {
        var lie = LieTable.All.Single(l => l.ToString() == name);
        var story = await stories.TakeAsync(lie.IsOfOutside);
        var kept = story.Kept;
        var outcomes = lie.Oci.Split(' ');
        await story.PublishNextAsync();
        foreach (var (part, outcome) in HostileLie.Parts(RemoteFace.Oci).Select((part, i) => (part, outcomes[Math.Min(i, outcomes.Length - 1)])))
        {
            foreach (var command in RegistryCommand.All.Where(c => c.IsOfObject || part is not "configuration"))
            {
                lie.Begin(story, part);
                var before = story.State();

                var exit = await story.RunAsync(command.Words(story));

                Judge(story, lie, $"{part}, {command.Name}", command, outcome, exit, before);
                story.Return();
                await command.UndoAsync(story);
            }
        }

        foreach (var command in RegistryCommand.All)
        {
            await story.MustAsync(command.Words(story));
            command.RequireDone(story, command.Name);
            await command.UndoAsync(story);
        }

        Assert.InRange(story.Kept - kept, 0, MostKept);
        AssertNothingWasGivenAway(story);
        stories.GiveBack(story);
    }

    /// <summary>What pm says was pushed is there.</summary>
    [Theory(Timeout = 120_000)]
    [MemberData(nameof(Pushed))]
    public async Task A_lie_to_who_pushes_is_named_or_it_is_there(string name)
    {
        var lie = LieTable.All.Single(l => l.ToString() == name);
        var story = await stories.TakeAsync(lie.IsOfOutside);
        await story.PublishNextAsync();
        foreach (var part in (string[])["token", "begin", "upload", "name"])
        {
            lie.Begin(story, part);
            var before = story.State();

            var exit = await story.RunAsync(story.Push);

            Assert.Equal(before, story.State());
            story.Return();
            if (exit is ExitCode.Ok)
            {
                Assert.True(story.IsPushed, $"{part}: {story.Talk}");
                await story.PublishNextAsync();
            }
            else
            {
                RequireNamed(story, part, exit, "PM60\\d\\d");
                Assert.False(story.IsPushed, part);
            }
        }

        await story.MustAsync(story.Push);
        Assert.True(story.IsPushed);
        AssertNothingWasGivenAway(story);
        stories.GiveBack(story);
    }

    [Fact]
    public async Task Another_state_than_the_digest_names_is_refused()
    {
        await using var story = await RegistryStory.BeginAsync();
        await story.MustAsync("pkg", "pull", "--json", "-n", story.PackageReference);
        var named = Regex.Match(story.Data, "oci://[^\"]*@sha256:[0-9a-f]{64}").Value;
        var honest = story.Registry.Find("v2/tools/tool/manifests/1")!;
        await story.PublishNextAsync();
        var path = $"v2/tools/tool/manifests/{named.Split('@')[1]}";
        story.BeginLying(Simulation.Lying.Lies.Another(asked => asked == path ? story.Registry.Find("v2/tools/tool/manifests/1")! : honest), "manifest");
        var before = story.State();

        foreach (var words in (string[][])[["install", "--yes", named], ["run", "-q", named], ["pkg", "pull", named]])
        {
            RequireNamed(story, words[0], await story.RunAsync(words), "PM6067");
            Assert.Equal(before, story.State());
        }
    }

    static void Judge(RegistryStory story, HostileLie lie, string where, RegistryCommand command, string outcome, ExitCode exit, string before)
    {
        var words = outcome.Split('/');
        if (exit is ExitCode.Ok && words.Contains("old"))
        {
            command.RequireOld(story, where);
            return;
        }

        if (words is ["ok"] || (exit is ExitCode.Ok && words.Contains("ok")))
        {
            Assert.True(exit is ExitCode.Ok, $"{where}: {exit}\n{story.Talk}");
            command.RequireDone(story, where);
            return;
        }

        Assert.True(before == story.State(), $"{where}: expected\n{before}\ngot\n{story.State()}\n{story.Talk}");
        RequireNamed(story, where, exit, string.Join('|', words.Where(w => w.StartsWith("PM", StringComparison.Ordinal))));
        Assert.True(Regex.IsMatch(story.Errors[0], $"{lie.Words}|{OwnWords}"), $"{where}: expected {lie.Words}, got\n{story.Talk}");
    }

    static void RequireNamed(RegistryStory story, string where, ExitCode exit, string codes)
    {
        Assert.True(exit is ExitCode.Refused or ExitCode.Unreachable or ExitCode.NotFound or ExitCode.NotPermitted or ExitCode.Invalid, $"{where}: {exit}\n{story.Talk}");
        var error = story.Errors.Count == 1 ? story.Errors[0] : throw new InvalidOperationException($"{where}: {story.Talk}");
        Assert.True(Regex.IsMatch(error, $"error\\[({codes})\\]: "), $"{where}: expected {codes}, got\n{story.Talk}");
        Assert.Contains(story.Host, error, StringComparison.Ordinal);
        Assert.True(Regex.IsMatch(story.Talk, "^ *hint: .", RegexOptions.Multiline), $"{where}: no hint\n{story.Talk}");
        Assert.DoesNotContain('\u001b', story.Talk);
        Assert.DoesNotContain("secret", story.Talk, StringComparison.Ordinal);
    }

    /// <summary>Whoever leads pm elsewhere gains no secret of the person.</summary>
    static void AssertNothingWasGivenAway(RegistryStory story) => Assert.All(
        story.Mirror.Requests, request => Assert.False(request.Headers.ContainsKey("authorization") || request.Headers.ContainsKey("cookie"), request.Target));
}
