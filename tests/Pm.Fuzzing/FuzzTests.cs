using Pm.Fuzzing.Gear;
using Pm.Fuzzing.Targets;

namespace Pm.Fuzzing;

/// <summary>Whatever comes in, a value or the room's own exception comes out, soon and in little memory.</summary>
[Collection(Memory)]
public class FuzzTests
{
    /// <summary>What looks at the memory of the process runs alone.</summary>
    public const string Memory = "memory of the process";

    const ulong Seed = 1;
    const int Rounds = 2000;

    public static TheoryData<string> Targets => [.. TargetTable.All.Select(t => t.Name)];

    public static TheoryData<string, string> Files =>
        [.. TargetTable.All.SelectMany(t => Corpus.Of(t).Select(f => new TheoryDataRow<string, string>(t.Name, Path.GetFileName(f))))];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_of_the_corpus_is_read_or_refused(string target, string file)
    {
        var input = File.ReadAllBytes(Path.Combine(Corpus.Folder, target, file));

        var outcome = Trial.Run(TargetTable.Named(target), input);

        Assert.True(outcome.Finding is null, outcome.Finding);
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void Mutated_input_is_read_or_refused(string target)
    {
        var campaign = new Campaign(TargetTable.Named(target), Seed).Run(Rounds);

        Assert.True(campaign.Found.Count == 0, Describe(target, campaign));
    }

    /// <summary>Damage to what is refused anyhow would find nothing.</summary>
    [Theory]
    [MemberData(nameof(Targets))]
    public void Mutation_starts_from_input_that_is_accepted(string target)
    {
        var chosen = TargetTable.Named(target);

        var answers = chosen.Seeds().Select(seed => Trial.Run(chosen, seed).Answer).ToList();

        Assert.Contains("accepted", answers);
    }

    [Fact]
    public void Every_directory_of_the_corpus_belongs_to_a_target()
    {
        var names = TargetTable.All.Select(t => t.Name).ToList();
        var folders = Directory.EnumerateFiles(Corpus.Folder, "*", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(Corpus.Folder, Path.GetDirectoryName(f)!));

        Assert.Equal(names.Distinct(), names);
        Assert.Empty(folders.Distinct().Except(names));
    }

    static string Describe(string target, Campaign campaign) => string.Join('\n', campaign.Found.Select(f =>
        $"{Findings.Save(TargetTable.Named(target), f.Value)}: {Trial.Run(TargetTable.Named(target), f.Value).Finding ?? f.Key}"));
}
