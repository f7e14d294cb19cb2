using System.Text.RegularExpressions;
using Pm.Packages.Index;
using Xunit;

namespace Pm.Cli.Tests.Hostile;

/// <summary>
/// Whatever is done to pm while it pulls and updates: either the update is the published one, or nothing changed, one line names
/// what was met and where, and the same commands succeed when all is honest again.
/// </summary>
public abstract class LieTests
{
    /// <summary>What a lie without an end may send before pm has gone away, nearly all of it into buffers of the kernel.</summary>
    const long MostBytes = 16 << 20;

    /// <summary>What pm may have on disk at the end, of all that was tried.</summary>
    const long MostKept = 16 << 20;

    /// <summary>By the clock of the test.</summary>
    static readonly TimeSpan LongestTime = TimeSpan.FromHours(1);

    readonly RemoteFace _face;

    readonly StoryKeeper _stories;

    private protected LieTests(RemoteFace face, StoryKeeper stories) => (_face, _stories) = (face, stories);

    private protected static TheoryData<string> LiesOf(RemoteFace face) => [.. LieTable.All.Where(lie => lie.Applies(face)).Select(lie => lie.ToString())];

    private protected static TheoryData<string> MirroredLiesOf(RemoteFace face) =>
        [.. LieTable.All.Where(lie => lie.Applies(face) && lie.NoMirror is null && !lie.Outcome(face).Contains("old", StringComparison.Ordinal)).Select(lie => lie.ToString())];

    private protected async Task LieAsync(string name)
    {
        var lie = Find(name);
        var story = await _stories.TakeAsync(_face, hasMirror: false, lie.IsOutside);
        var kept = story.Kept;
        var outcomes = lie.Outcome(_face).Split(' ');
        var parts = lie.State is null ? HostileLie.Parts(_face) : [""];
        foreach (var (part, outcome) in parts.Select((part, i) => (part, outcomes[Math.Min(i, outcomes.Length - 1)])))
        {
            story.PublishNext();
            await lie.BeginAsync(story, path => HostileLie.IsAbout(path, part));
            var (before, sent, time, published) = (story.State(), story.Server?.SentBytes ?? 0, story.Clock.GetUtcNow(), story.Published);

            var exit = await story.UpdateAsync();

            Judge(story, lie, outcome, exit, before, published);
            var taken = (story.Server?.SentBytes ?? 0) - sent;
            Assert.True(taken < MostBytes + (part == "available.json" && lie.Number == 3 ? AvailableDocument.MaximumSize : 0), $"{part}: {taken} bytes");
            Assert.InRange(story.Clock.GetUtcNow() - time, TimeSpan.Zero, LongestTime);
            story.Return();
        }

        story.PublishNext();
        var last = await story.UpdateAsync();
        Assert.True(last == ExitCode.Ok, $"{last}\n{story.Talk}");
        Assert.Equal(story.Published, story.Installed);
        Assert.InRange(story.Kept - kept, 0, MostKept);
        AssertNothingWasGivenAway(story);
        story.Return();
        _stories.GiveBack(story);
    }

    private protected async Task MirrorAsync(string name)
    {
        var lie = Find(name);
        var story = await _stories.TakeAsync(_face, hasMirror: true, lie.IsOutside);
        story.PublishNext();
        var published = story.Published;
        await lie.BeginAsync(story, path => HostileLie.Parts(_face).Any(part => HostileLie.IsAbout(path, part)));

        var exit = await story.UpdateAsync();

        Assert.True(exit == ExitCode.Ok, $"{exit}\n{story.Talk}");
        Assert.Contains(story.Installed, new[] { published, story.Published });
        if (lie.Outcome(_face).Contains("PM", StringComparison.Ordinal))
        {
            // Who lied, and who is asked in its place.
            Assert.Contains(story.Talk.Split('\n'), line =>
                line.Contains(story.Location, StringComparison.Ordinal) && line.EndsWith($"; asking {story.MirrorLocation}", StringComparison.Ordinal));
        }

        AssertNothingWasGivenAway(story);
        story.Return();
        _stories.GiveBack(story);
    }

    static void Judge(HostileStory story, HostileLie lie, string outcome, ExitCode exit, string before, string published)
    {
        if (outcome == "ok")
        {
            Assert.True(exit == ExitCode.Ok, $"{exit}\n{story.Talk}");
            Assert.Contains(story.Installed, new[] { published, story.Published });
            return;
        }

        Assert.Equal(before, story.State());
        if (outcome == "old")
        {
            Assert.True(exit == ExitCode.Ok, $"{exit}\n{story.Talk}");
            Assert.Empty(story.Errors);
            return;
        }

        Assert.True(exit is ExitCode.Refused or ExitCode.Unreachable or ExitCode.Invalid, $"{exit}\n{story.Talk}");
        var error = Assert.Single(story.Errors);
        Assert.Contains($"error[{outcome}]: ", error, StringComparison.Ordinal);
        Assert.Contains(story.Location, error, StringComparison.Ordinal);
        Assert.True(Regex.IsMatch(error, lie.Words), $"expected {lie.Words}, got\n{story.Talk}");
    }

    /// <summary>Whoever leads pm elsewhere gains no secret of it, and leaves none with it.</summary>
    static void AssertNothingWasGivenAway(HostileStory story) => Assert.All(
        new[] { story.Server, story.Mirror }.SelectMany(server => server?.Requests.AsEnumerable() ?? []),
        request => Assert.False(request.Headers.ContainsKey("authorization") || request.Headers.ContainsKey("cookie"), request.Target));

    static HostileLie Find(string name) => LieTable.All.Single(lie => lie.ToString() == name);
}
