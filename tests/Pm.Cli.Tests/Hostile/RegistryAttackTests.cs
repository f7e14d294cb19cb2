using System.Text.RegularExpressions;
using Xunit;

namespace Pm.Cli.Tests.Hostile;

/// <summary>Each attack that can be made with a registry of containers: nothing is installed, and one line names what was met, and where.</summary>
public sealed class RegistryAttackTests
{
    public static TheoryData<string> All => [.. AttackTable.All.Where(attack => attack.BeginOciAsync is not null).Select(attack => attack.Name)];

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(All))]
    public async Task An_attack_is_refused_by_name(string name)
    {
        var attack = AttackTable.All.Single(a => a.Name == name);
        await using var story = await RegistryStory.BeginAsync();
        await attack.BeginOciAsync!(story);
        var before = story.State();

        var exit = await story.RunAsync(attack.OciCommand?.Invoke(story) ?? ["install", "--yes", "--trust", story.PackageReference]);

        Assert.Equal(before, story.State());
        Assert.NotEqual(ExitCode.Ok, exit);
        var error = story.Errors.Count == 1 ? story.Errors[0] : throw new InvalidOperationException(story.Talk);
        Assert.True(Regex.IsMatch(error, $"error\\[({attack.Oci.Replace('/', '|')})\\]: "), $"expected {attack.Oci}, got\n{story.Talk}");
        Assert.True(Regex.IsMatch(error, attack.OciWords), $"expected {attack.OciWords}, got\n{story.Talk}");
        Assert.Contains(story.Host, story.Talk, StringComparison.Ordinal);
        Assert.True(Regex.IsMatch(story.Talk, "^ *hint: .", RegexOptions.Multiline), story.Talk);
    }
}
