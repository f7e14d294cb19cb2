using Pm.Fuzzing.Gear;
using Pm.Stages;
using Pm.Stages.Sources;

namespace Pm.Fuzzing.Targets;

/// <summary>What git prints of repositories that strangers made.</summary>
static class SourceTargets
{
    static readonly string Id = new('a', 40);

    static readonly SourceOptions Options = new() { EntryLimit = 50, ContentLimit = 1 << 20 };

    public static IEnumerable<FuzzTarget> All { get; } =
    [
        new("git/listing", ReadListing)
        {
            Seeds = Reading.Seeds(
                $"100644 blob {Id}       5\ta\0040000 tree {Id}       -\td\0100755 blob {Id}    4096\td/b\0120000 blob {Id}       1\tl\0160000 commit {Id}       -\ts\0",
                $"100644 blob {Id}       5\t../a\0"),
            Allowed = [typeof(StageException)],
            Words = [.. Words.Hex, .. Words.Of("100644 blob ", "040000 tree ", "120000 blob ", "160000 commit ", "\t", "\0", "../", ".git", ".GIT/", "/", "-", "9223372036854775807")],
            MaximumLength = 10_000,
        },
        new("git/objects", ReadObjects)
        {
            Seeds = Reading.Seeds($"tree {Id}\nauthor a\n\nx\n", "100644 a\0aaaaaaaaaaaaaaaaaaaa40000 d\0bbbbbbbbbbbbbbbbbbbb"),
            Words = [.. Words.Hex, .. Words.Of("tree ", "40000 d\0", "100644 ", "\0", "\n", Id)],
            MaximumLength = 10_000,
        },
        new("git/advertisement", ReadAdvertisement)
        {
            Seeds = Reading.Seeds($"ref: refs/heads/main\tHEAD\n{Id}\tHEAD\n{Id}\trefs/heads/main\n{Id}\trefs/tags/v1\n{Id}\trefs/tags/v1^{{}}\n"),
            Words = [.. Words.Hex, .. Words.Of("ref: ", "refs/heads/", "refs/tags/", "HEAD", "^{}", "\t", "\n", "\r", Id)],
            MaximumLength = 10_000,
        },
    ];

    static void ReadObjects(byte[] bytes)
    {
        var tree = GitProof.TreeOf(bytes, 40) ?? GitProof.Folder(bytes, "d"u8, 20);
        Assert.True(tree is null || GitReference.IsId(tree));
    }

    static void ReadListing(byte[] bytes) => Assert.InRange(GitListing.Judge(bytes, "x", Options), 0, Options.EntryLimit);

    static void ReadAdvertisement(byte[] bytes)
    {
        var said = GitAdvertisement.Read(Reading.Text(bytes));
        Assert.All(said.Commits.Values, id => Assert.True(GitReference.IsId(id)));
        Assert.DoesNotContain(said.Head ?? "", char.IsControl);
        _ = said.Of("refs/tags/v1");
    }
}
