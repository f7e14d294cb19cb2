using System.Text.RegularExpressions;
using Xunit;

namespace Pm.Cli.Tests.Hostile;

/// <summary>Each attack on each kind of remote: nothing is installed, and one line names what was met, where, and both values.</summary>
public sealed class AttackTests
{
    public static TheoryData<string, string> All
    {
        get
        {
            var all = new TheoryData<string, string>();
            foreach (var attack in AttackTable.All)
            {
                foreach (var face in Enum.GetValues<RemoteFace>().Where(face => face is not (RemoteFace.Git or RemoteFace.Oci) && !attack.Outcome(face).StartsWith('-')))
                {
                    all.Add(attack.Name, face.ToString());
                }
            }

            return all;
        }
    }

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(All))]
    public async Task An_attack_is_refused_by_name(string name, string faceName)
    {
        var attack = AttackTable.All.Single(a => a.Name == name);
        var face = Enum.Parse<RemoteFace>(faceName);
        await using var story = await HostileStory.BeginAsync(face, attack.HasMirror);
        await attack.BeginAsync(story);
        var before = story.State();

        var exit = await story.UpdateAsync(attack.Command?.Invoke(story));

        var outcome = attack.Outcome(face);
        if (outcome == "ok")
        {
            Assert.True(exit == ExitCode.Ok, $"{exit}\n{story.Talk}");
            Assert.Equal(story.Published, story.Installed);
            Assert.Contains(story.Talk.Split('\n'), line => line.Contains(story.Location, StringComparison.Ordinal) && line.EndsWith($"; asking {story.MirrorLocation}", StringComparison.Ordinal));
            return;
        }

        Assert.Equal(before, story.State());
        if (outcome == "old")
        {
            Assert.True(exit == ExitCode.Ok, $"{exit}\n{story.Talk}");
            Assert.Empty(story.Errors);
            Assert.Equal(ExitCode.Ok, await story.RunAsync("outdated", "--exit-code"));
            return;
        }

        var error = story.Errors.Count == 1 ? story.Errors[0] : throw new InvalidOperationException(story.Talk);
        Assert.Contains($"error[{outcome}]: ", error, StringComparison.Ordinal);
        Assert.Contains(attack.Command is null ? story.Location : story.MirrorLocation, outcome == "PM1003" ? story.Talk : error, StringComparison.Ordinal);
        Assert.True(Regex.IsMatch(error, attack.Words), $"expected {attack.Words}, got\n{story.Talk}");
    }
}
