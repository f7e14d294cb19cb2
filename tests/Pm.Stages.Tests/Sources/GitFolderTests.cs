using Pm.Packages.Manifests;
using Pm.Stages.Sources;
using Xunit;

namespace Pm.Stages.Tests.Sources;

public sealed class GitFolderTests : IDisposable
{
    readonly SourceWorld _world = new();

    public GitFolderTests() => Assert.SkipWhen(GitRepository.Obstacle is not null, GitRepository.Obstacle ?? "");

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_folder_is_taken_alone_and_without_the_files_of_others_where_the_server_can(bool canFilter)
    {
        var repository = Monorepo(canFilter);
        var commit = repository.Commit();

        var found = await _world.CheckOutAsync(Folder(repository, "packages/lib"));

        Assert.Equal(["deep/c", "lib"], FilesOf(found.Directory));
        Assert.Equal(repository.Git("rev-parse", "HEAD:packages/lib"), found.Tree);
        var other = repository.Git("rev-parse", "HEAD:other");
        Assert.Equal(canFilter, !Has(other));
        Assert.Equal(commit, found.Commit);
    }

    [Theory]
    [InlineData("packages", "lib/deep/c lib/lib mine")]
    [InlineData(null, "other packages/lib/deep/c packages/lib/lib packages/mine")]
    public async Task Another_folder_of_the_same_commit_brings_what_was_left_out(string? folder, string files)
    {
        var repository = Monorepo(canFilter: true).Write("packages/mine", "mine");
        var commit = repository.Commit();
        await _world.CheckOutAsync(Folder(repository, "packages/lib"));

        var more = await _world.CheckOutAsync(Folder(repository, folder), new LockedSource(commit, null));

        Assert.Equal(files, string.Join(' ', FilesOf(more.Directory)));
    }

    [Fact]
    public async Task The_next_commit_of_a_whole_repository_comes_whole_after_a_folder_was_taken()
    {
        var repository = Monorepo(canFilter: true);
        repository.Commit();
        await _world.CheckOutAsync(Folder(repository, "packages/lib"));
        repository.Write("new", "new").Commit();

        Assert.Equal(["new", "other", "packages/lib/deep/c", "packages/lib/lib"], FilesOf((await _world.CheckOutAsync(Folder(repository, null))).Directory));
    }

    [Theory]
    [InlineData("packages/lip", "packages/lib")]
    [InlineData("other", null)]
    [InlineData("nothing/of/it", null)]
    public async Task A_folder_that_is_not_there_is_an_error_with_the_nearest(string folder, string? nearest)
    {
        var repository = Monorepo(canFilter: false);
        repository.Commit();

        var fault = await _world.FaultAsync(Folder(repository, folder));

        Assert.Equal("PM7206", fault.Code);
        Assert.Equal(nearest is null ? null : $"did you mean `{nearest}`?", fault.Hint);
    }

    [Fact]
    public async Task Nothing_is_read_of_what_a_tree_says_of_itself()
    {
        var repository = _world.Repository().Write("a", "$Format:%H$ $Id$\n").Write("b", "1\n").Write(".gitattributes", "a export-subst ident eol=crlf\nb export-ignore\n");
        repository.Commit();

        var found = await _world.CheckOutAsync(Folder(repository, null));

        Assert.Equal("$Format:%H$ $Id$\n", File.ReadAllText(Path.Join(found.Directory, "a")));
        Assert.Equal([".gitattributes", "a", "b"], FilesOf(found.Directory));
    }

    [Fact]
    public async Task A_submodule_stays_empty_and_is_named()
    {
        var repository = _world.Repository().Write("a", "1");
        var commit = repository.Commit();
        repository.Git("update-index", "--add", "--cacheinfo", $"160000,{commit},inner");
        repository.Git("commit", "--quiet", "--message", "submodule");

        var found = await _world.CheckOutAsync(Folder(repository, null));

        Assert.Equal(["a"], FilesOf(found.Directory));
        Assert.Contains("inner", Assert.Single(_world.Notes), StringComparison.Ordinal);
    }

    static GitSource Folder(GitRepository repository, string? folder) => new(repository.Url, GitReferenceKind.Branch, "main", folder);

    GitRepository Monorepo(bool canFilter)
    {
        var repository = _world.Repository().Write("packages/lib/lib", "lib").Write("packages/lib/deep/c", "c").Write("other", "other");
        repository.Git("config", "uploadpack.allowFilter", canFilter ? "true" : "false");
        return repository;
    }

    /// <summary>Whether the cache has an object, without asking anybody for it.</summary>
    bool Has(string id)
    {
        var cached = Directory.EnumerateDirectories(Path.Join(_world.Cache, "git"), "repository-*", SearchOption.AllDirectories).Single();
        var repository = new GitRepository(_world["asking"]);
        return repository.Git("--git-dir", cached, "rev-list", "--objects", "--missing=print", "--no-object-names", "--all").Split('\n').Contains(id);
    }

    static IEnumerable<string> FilesOf(string directory) =>
        Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(directory, f)).Order(StringComparer.Ordinal);
}
