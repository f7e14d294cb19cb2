using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Xunit;

namespace Pm.Cli.Tests.Hostile;

/// <summary>The tables are whole, and the page says what they say.</summary>
public sealed class AttackPageTests
{
    [Fact]
    public void Every_lie_is_told_to_every_kind_of_remote_or_it_is_said_why_not()
    {
        Assert.Equal(Enumerable.Range(1, LieTable.Count), LieTable.All.Select(lie => lie.Number).Distinct());
        Assert.Equal(LieTable.All.Count, LieTable.All.Select(lie => lie.Name).Distinct().Count());
        foreach (var lie in LieTable.All)
        {
            Assert.True(Enum.GetValues<RemoteFace>().Any(lie.Applies), $"{lie} is told to nobody");
            foreach (var face in Enum.GetValues<RemoteFace>())
            {
                RequireOutcome(lie.Outcome(face), $"{lie}, {face}");
                var isWeb = lie.Web is not null || lie.Fresh is not null;
                var isTold = face switch
                {
                    RemoteFace.Git => lie.Web is not null || lie.NewGit is not null,
                    RemoteFace.Oci => isWeb || lie.NewOci is not null,
                    RemoteFace.Directory => lie.State is not null || lie.File is not null,
                    _ => lie.State is not null || isWeb || lie.NewWeb is not null,
                };
                Assert.True(isTold || !lie.Applies(face), $"{lie} says what comes of it for {face}, and nobody does it");
                Assert.True(lie.Applies(face) || face is not RemoteFace.Git || lie.NewGit is null, $"{lie} could be told for {face}");
                Assert.True(lie.Applies(face) || face is not RemoteFace.Oci || (lie.NewOci is null && !isWeb), $"{lie} could be told for {face}");
                Assert.True(lie.Applies(face) || lie.State is not null || face is not RemoteFace.Directory || lie.File is null, $"{lie} could be told for {face}");
            }
        }
    }

    [Fact]
    public void Every_attack_is_made_on_every_kind_of_remote_or_it_is_said_why_not()
    {
        Assert.Equal(AttackTable.All.Count, AttackTable.All.Select(attack => attack.Name).Distinct().Count());
        foreach (var attack in AttackTable.All)
        {
            foreach (var face in Enum.GetValues<RemoteFace>())
            {
                RequireOutcome(attack.Outcome(face), $"{attack.Name}, {face}");
                if (face is RemoteFace.Oci)
                {
                    Assert.Equal(attack.Outcome(face).StartsWith('-'), attack.BeginOciAsync is null);
                    Assert.Equal(attack.BeginOciAsync is null, attack.OciWords.Length == 0);
                    continue;
                }

                if (face is RemoteFace.Git)
                {
                    Assert.Equal(attack.Outcome(face).StartsWith('-'), attack.BeginGitAsync is null);
                    continue;
                }

                Assert.True(attack.Words.Length > 0 || !attack.Outcome(face).StartsWith("PM", StringComparison.Ordinal), $"{attack.Name}: what does the error say?");
            }
        }
    }

    [Fact]
    public void Every_lie_to_who_pushes_has_an_outcome_and_a_name_of_its_own()
    {
        Assert.Equal(PushLieTable.All.Count, PushLieTable.All.Select(lie => lie.ToString()).Distinct().Count());
        Assert.All(PushLieTable.All, lie => RequireOutcome(lie.Outcome, $"{lie}"));
    }

    [Fact]
    public void The_page_says_what_the_tests_see()
    {
        var path = Path.GetFullPath(Path.Join(Here(), "../../../docs/attacks.md"));
        if (Environment.GetEnvironmentVariable("PM_UPDATE_CASES") == "1")
        {
            File.WriteAllText(path, AttackPage.Text());
        }

        Assert.Equal(AttackPage.Text(), File.ReadAllText(path));
    }

    static void RequireOutcome(string outcome, string where) =>
        Assert.True(outcome is ['-', ' ', _, _, _, _, ..] || outcome.Split(' ').All(word => word is "ok" or "old" || Regex.IsMatch(word, @"^(ok/|old/)?PM\d{4}(/PM\d{4})?$")), $"{where}: `{outcome}`");

    static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
