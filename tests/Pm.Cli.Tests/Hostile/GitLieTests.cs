using System.Text.RegularExpressions;
using Pm.Stages.Tests.Sources;
using Xunit;

namespace Pm.Cli.Tests.Hostile;

/// <summary>
/// Whatever is done to pm while it updates a project with a git repository: either what the repository has comes, or nothing changed, one line names what
/// was met and where, and the same command succeeds when all is honest again.
/// </summary>
public sealed class GitLieTests
{
    const long MostKept = 16 << 20;

    public GitLieTests() => Assert.SkipWhen(GitRepository.Obstacle is not null, GitRepository.Obstacle ?? "");

    public static TheoryData<string> All => [.. LieTable.All.Where(lie => lie.Applies(RemoteFace.Git)).Select(lie => lie.ToString())];

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(All))]
    public async Task A_lie_changes_nothing_or_is_named(string name)
    {
        var lie = LieTable.All.Single(l => l.ToString() == name);
        await using var story = new GitStory(isEncrypted: lie.IsOfEncryption, lie.IsOutside);
        await story.BeginAsync();
        var kept = story.Kept;
        var outcomes = lie.Git.Split(' ');
        foreach (var (part, outcome) in HostileLie.Parts(RemoteFace.Git).Select((part, i) => (part, outcomes[Math.Min(i, outcomes.Length - 1)])))
        {
            story.PublishNext();
            lie.Begin(story, part);
            var before = story.State();

            var exit = await story.UpdateAsync();

            Judge(story, lie, part, outcome, exit, before);
            story.Return();
        }

        story.PublishNext();
        var last = await story.UpdateAsync();
        Assert.True(last == ExitCode.Ok, $"{last}\n{story.Talk}");
        Assert.Equal(story.Published, story.Installed);
        Assert.InRange(story.Kept - kept, 0, MostKept);
        AssertNothingWasGivenAway(story);
    }

    static void Judge(GitStory story, HostileLie lie, string part, string outcome, ExitCode exit, string before)
    {
        if (outcome == "ok" || (exit == ExitCode.Ok && outcome.StartsWith("ok/", StringComparison.Ordinal)))
        {
            Assert.True(exit == ExitCode.Ok, $"{part}: {exit}\n{story.Talk}");
            Assert.Equal(story.Published, story.Installed);
            return;
        }

        Assert.True(exit is ExitCode.Refused or ExitCode.Unreachable or ExitCode.NotFound, $"{part}: {exit}\n{story.Talk}");
        Assert.Equal(before, story.State());
        var error = story.Errors.Count == 1 ? story.Errors[0] : throw new InvalidOperationException(story.Talk);
        Assert.True(error.Contains($"error[{outcome.Split('/')[^1]}]: ", StringComparison.Ordinal), $"{part}: expected {outcome}, got\n{story.Talk}");
        Assert.Contains(story.Location, error, StringComparison.Ordinal);
        Assert.True(Regex.IsMatch(story.Talk, lie.GitWords), $"{part}: expected {lie.GitWords}, got\n{story.Talk}");
        Assert.DoesNotContain('\u001b', story.Talk);
    }

    /// <summary>Whoever leads pm elsewhere, or asks for it, gains no secret of the person.</summary>
    static void AssertNothingWasGivenAway(GitStory story) => Assert.All(
        new[] { story.Server, story.Mirror, story.Open }.SelectMany(server => server.Requests),
        request => Assert.False(request.Headers.ContainsKey("authorization") || request.Headers.ContainsKey("cookie"), request.Target));
}
