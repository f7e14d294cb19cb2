using System.Text.RegularExpressions;
using Xunit;

namespace Pm.Cli.Tests.Hostile;

/// <summary>Whatever a registry answers to who pushes: what pm says was pushed is there, else one line names what was met, and nobody else was sent anything.</summary>
public sealed class PushLieTests(RegistryKeeper stories) : IClassFixture<RegistryKeeper>
{
    public static TheoryData<string> All => [.. PushLieTable.All.Select(lie => lie.ToString())];

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(All))]
    public async Task A_lie_to_who_pushes_comes_to_what_the_table_says(string name)
    {
        var lie = PushLieTable.All.Single(l => l.ToString() == name);
        var story = await stories.TakeAsync(lie.IsOfOutside);
        await story.PublishNextAsync();
        story.BeginLying(lie.Tell(story), lie.Part);
        var before = story.State();

        var exit = await story.RunAsync(story.Push);

        story.Return();
        Assert.Equal(before, story.State());
        Assert.Empty(story.Mirror.Requests);
        if (lie.Outcome == "ok")
        {
            Assert.True(exit is ExitCode.Ok && story.IsPushed, $"{exit}: {story.Talk}");
        }
        else
        {
            Assert.False(story.IsPushed);
            var error = story.Errors.Count == 1 ? story.Errors[0] : throw new InvalidOperationException(story.Talk);
            Assert.Contains($"error[{lie.Outcome}]: ", error, StringComparison.Ordinal);
            Assert.Contains(story.Host, error, StringComparison.Ordinal);
            Assert.True(Regex.IsMatch(story.Talk, "^ *hint: .", RegexOptions.Multiline), story.Talk);
            Assert.DoesNotContain('\u001b', story.Talk);
            Assert.DoesNotContain("secret", story.Talk, StringComparison.Ordinal);
            await story.MustAsync(story.Push);
            Assert.True(story.IsPushed);
        }

        stories.GiveBack(story);
    }
}
