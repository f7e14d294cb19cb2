using Pm.Packages.Manifests;
using Pm.Stages.Sources;
using Xunit;

namespace Pm.Stages.Tests.Sources;

/// <summary>The id of a tree is worked out of a directory as git does it.</summary>
public sealed class GitTreeTests : IDisposable
{
    readonly SourceWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData("sha1")]
    [InlineData("sha256")]
    public async Task What_was_checked_out_has_the_id_of_its_tree(string format)
    {
        Assert.SkipWhen(GitRepository.Obstacle is not null, GitRepository.Obstacle ?? "");
        var repository = _world.Repository(format: format)
            .Write("a", "1").Write("a-b", "2").Write("a.c", "3").Write("d/b", "4").Write("d-e", "").Write("d.f/x/y", "6").Write("d0", "7").Write("ü/ö", "8").Write(".pm/x", "9");
        File.SetUnixFileMode(Path.Join(repository.Directory, "a.c"), (UnixFileMode)0b111_101_101);
        File.CreateSymbolicLink(Path.Join(repository.Directory, "d/link"), "../a");
        repository.Commit();

        var found = await CheckOutAsync(repository);

        Assert.Equal(repository.Git("rev-parse", "HEAD^{tree}"), found.Tree);
        Assert.Equal(found.Tree, GitTree.Of(found.Directory, found.Tree.Length, [], SourceWorld.Cancellation));
    }

    [Fact]
    public async Task What_a_directory_does_not_show_is_added()
    {
        Assert.SkipWhen(GitRepository.Obstacle is not null, GitRepository.Obstacle ?? "");
        var repository = _world.Repository().Write("a", "1");
        repository.Commit();
        var blob = repository.Git("rev-parse", "HEAD:a");
        var empty = repository.Mktree("");
        var inner = repository.Mktree($"160000 commit {new string('1', 40)}\tmodule\n040000 tree {empty}\tempty\n");
        repository.CommitTree(repository.Mktree($"100644 blob {blob}\ta\n040000 tree {inner}\tinner\n"));
        var found = await CheckOutAsync(repository);
        var cache = new SourceCache(_world.Cache, _world.Options);

        var unusual = cache.Unusual(new GitSource(repository.Url, GitReferenceKind.Branch, "main", null), found.Commit!, found.Tree, SourceWorld.Cancellation);

        Assert.Equal(
            [$"160000 {new string('1', 40)} inner/module", $"40000 {empty} inner/empty"], unusual.Select(u => u.ToString()).Order(StringComparer.Ordinal));
        Assert.All(unusual, u => Assert.Equal(u, UnusualEntry.TryParse(u.ToString())));
        Assert.NotEqual(found.Tree, GitTree.Of(found.Directory, 40, [], SourceWorld.Cancellation));
        Assert.Equal(found.Tree, SourceIdentity.Of(found.Directory, found.Tree, unusual, 100, SourceWorld.Cancellation));
    }

    [Theory]
    [InlineData("160000 0000 x")]
    [InlineData("100644 - x")]
    [InlineData("40000 - ../x")]
    [InlineData("40000 -")]
    [InlineData("")]
    public void What_is_no_such_entry_is_none(string text) => Assert.Null(UnusualEntry.TryParse(text));

    async Task<CheckedOutSource> CheckOutAsync(GitRepository repository) =>
        await _world.CheckOutAsync(new GitSource(repository.Url, GitReferenceKind.Branch, "main", null));
}
