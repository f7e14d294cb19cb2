using System.Text.RegularExpressions;
using Pm.Stages.Tests.Sources;
using Xunit;

namespace Pm.Cli.Tests.Hostile;

/// <summary>Each attack that can be made on a project with a git repository.</summary>
public sealed class GitAttackTests
{
    public GitAttackTests() => Assert.SkipWhen(GitRepository.Obstacle is not null, GitRepository.Obstacle ?? "");

    public static TheoryData<string> All => [.. AttackTable.All.Where(attack => attack.BeginGitAsync is not null).Select(attack => attack.Name)];

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(All))]
    public async Task An_attack_is_refused_by_name(string name)
    {
        var attack = AttackTable.All.Single(a => a.Name == name);
        await using var story = new GitStory();
        await attack.BeginGitAsync!(story);
        var before = story.State();

        await story.UpdateAsync();

        Assert.Equal(before, story.State());
        var error = story.Errors.Count == 1 ? story.Errors[0] : throw new InvalidOperationException(story.Talk);
        Assert.Contains($"error[{attack.Git}]: ", error, StringComparison.Ordinal);
        Assert.Contains(story.Location, error, StringComparison.Ordinal);
        Assert.True(Regex.IsMatch(story.Talk, attack.GitWords), $"expected {attack.GitWords}, got\n{story.Talk}");
    }
}
