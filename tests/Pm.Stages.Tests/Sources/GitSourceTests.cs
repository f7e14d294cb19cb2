using Pm.Packages.Manifests;
using Pm.Stages.Sources;
using Xunit;

namespace Pm.Stages.Tests.Sources;

public sealed class GitSourceTests : IDisposable
{
    readonly SourceWorld _world = new();

    public GitSourceTests() => Assert.SkipWhen(GitRepository.Obstacle is not null, GitRepository.Obstacle ?? "");

    public void Dispose() => _world.Dispose();

    static GitSource Branch(GitRepository repository, string name = "main", string? folder = null) =>
        new(repository.Url, GitReferenceKind.Branch, name, folder);

    [Theory]
    [InlineData("sha1", 40)]
    [InlineData("sha256", 64)]
    public async Task A_branch_is_checked_out_as_it_is_now(string format, int digits)
    {
        var repository = _world.Repository(format: format).Write("a/b", "text").Write("run", "#!/bin/sh\n");
        File.SetUnixFileMode(Path.Join(repository.Directory, "run"), (UnixFileMode)0b111_101_101);
        File.CreateSymbolicLink(Path.Join(repository.Directory, "link"), "a/b");
        var commit = repository.Commit();

        var found = await _world.CheckOutAsync(Branch(repository));

        Assert.Equal(digits, commit.Length);
        Assert.Equal((commit, "refs/heads/main", repository.Git("rev-parse", "HEAD^{tree}")), (found.Commit, found.Reference, found.Tree));
        Assert.Equal(["a", "link", "run"], Directory.GetFileSystemEntries(found.Directory).Select(Path.GetFileName).Order());
        Assert.Equal("text", File.ReadAllText(Path.Join(found.Directory, "link")));
        Assert.True(File.GetUnixFileMode(Path.Join(found.Directory, "run")).HasFlag(UnixFileMode.UserExecute));
        Assert.Equal("a/b", new FileInfo(Path.Join(found.Directory, "link")).LinkTarget);
    }

    [Fact]
    public async Task Without_a_name_the_repository_says_what_is_taken()
    {
        var repository = _world.Repository().Write("a", "1");
        var commit = repository.Commit();
        repository.Git("branch", "--move", "main", "trunk");

        var found = await _world.CheckOutAsync(new GitSource(repository.Url, GitReferenceKind.Default, "", null));

        Assert.Equal((commit, "refs/heads/trunk"), (found.Commit, found.Reference));
    }

    [Fact]
    public async Task A_branch_that_moves_is_followed_only_when_nothing_is_locked()
    {
        var repository = _world.Repository().Write("a", "1");
        var first = await _world.CheckOutAsync(Branch(repository), LockedOf(repository.Commit()));
        var second = repository.Write("a", "2").Commit();

        var locked = await _world.CheckOutAsync(Branch(repository), new LockedSource(first.Commit, first.Tree));
        var free = await _world.CheckOutAsync(Branch(repository));

        Assert.Equal(("1", "2"), (Content(locked), Content(free)));
        Assert.Equal(second, free.Commit);
    }

    [Fact]
    public async Task A_locked_commit_is_fetched_though_its_branch_went_on()
    {
        var repository = _world.Repository().Write("a", "1");
        var first = repository.Commit();
        repository.Write("a", "2").Commit();

        var found = await _world.CheckOutAsync(Branch(repository), LockedOf(first));

        Assert.Equal(("1", first), (Content(found), found.Commit));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_tag_gives_its_commit(bool isAnnotated)
    {
        var repository = _world.Repository().Write("a", "1");
        var commit = repository.Commit();
        Tag(repository, isAnnotated);

        var found = await _world.CheckOutAsync(new GitSource(repository.Url, GitReferenceKind.Name, "v1", null));

        Assert.Equal((commit, "refs/tags/v1"), (found.Commit, found.Reference));
    }

    [Fact]
    public async Task A_name_is_a_tag_before_it_is_a_branch()
    {
        var repository = _world.Repository().Write("a", "tag");
        repository.Commit();
        Tag(repository, isAnnotated: false);
        repository.Git("branch", "v1");
        repository.Git("checkout", "--quiet", "heads/v1");
        repository.Write("a", "branch").Commit();

        Assert.Equal("tag", Content(await _world.CheckOutAsync(new GitSource(repository.Url, GitReferenceKind.Name, "v1", null))));
        Assert.Equal("main", (await _world.CheckOutAsync(new GitSource(repository.Url, GitReferenceKind.Name, "main", null))).Reference?.Split('/')[^1]);
    }

    [Theory]
    [InlineData(GitReferenceKind.Tag, true)]
    [InlineData(GitReferenceKind.Name, false)]
    public async Task A_tag_that_was_changed_after_locking_is_refused(GitReferenceKind kind, bool isAnnotated)
    {
        var repository = _world.Repository().Write("a", "1");
        var first = repository.Commit();
        Tag(repository, isAnnotated);
        repository.Write("a", "2").Commit();
        Tag(repository, isAnnotated);

        var fault = await _world.FaultAsync(new GitSource(repository.Url, kind, "v1", null), LockedOf(first));

        Assert.Equal("PM7201", fault.Code);
        Assert.Contains("changed a tag after locking", fault.Message, StringComparison.Ordinal);
        Assert.Contains(first, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_commit_that_vanished_is_named()
    {
        var repository = _world.Repository().Write("a", "1");
        var gone = repository.Commit();
        repository.Write("a", "2");
        repository.Git("add", "--all");
        repository.Git("commit", "--quiet", "--amend", "--message", "other");
        repository.Git("reflog", "expire", "--expire=now", "--all");
        repository.Git("gc", "--quiet", "--prune=now");

        var fault = await _world.FaultAsync(Branch(repository), LockedOf(gone));

        Assert.Equal("PM7202", fault.Code);
        Assert.Contains(gone, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_tree_than_the_locked_one_is_refused_in_the_cache_too()
    {
        var repository = _world.Repository().Write("a", "1");
        var locked = new LockedSource(repository.Commit(), new string('0', 40));

        Assert.Equal("PM7203", (await _world.FaultAsync(Branch(repository), locked)).Code);
        Assert.Equal("PM7203", (await _world.FaultAsync(Branch(repository), locked)).Code);
    }

    [Theory]
    [InlineData(GitReferenceKind.Branch, "mian", "main")]
    [InlineData(GitReferenceKind.Tag, "v2", "v1")]
    [InlineData(GitReferenceKind.Name, "v2", "v1")]
    [InlineData(GitReferenceKind.Tag, "something-else", null)]
    public async Task A_name_that_is_not_there_is_an_error_with_the_nearest(GitReferenceKind kind, string name, string? nearest)
    {
        var repository = _world.Repository().Write("a", "1");
        repository.Commit();
        Tag(repository, isAnnotated: true);

        var fault = await _world.FaultAsync(new GitSource(repository.Url, kind, name, null));

        Assert.Equal("PM7204", fault.Code);
        Assert.Equal(nearest is not null, fault.Hint!.Contains($"did you mean `{nearest}`", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_repository_without_commits_has_nothing_to_take()
    {
        var repository = _world.Repository();

        Assert.Equal("PM7204", (await _world.FaultAsync(new GitSource(repository.Url, GitReferenceKind.Default, "", null))).Code);
    }

    [Fact]
    public async Task What_git_says_is_told_when_it_fails()
    {
        var fault = await _world.FaultAsync(new GitSource($"file://{_world["nothing"]}", GitReferenceKind.Default, "", null));

        Assert.Equal("PM7205", fault.Code);
        Assert.Contains("does not appear to be a git repository", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_git_there_is_a_hint()
    {
        _world.Options = _world.Options with { Environment = new Dictionary<string, string> { ["PATH"] = _world["nothing"] } };

        var fault = await _world.FaultAsync(new GitSource("file:///nowhere", GitReferenceKind.Default, "", null));

        Assert.Equal(("PM7209", "apt install git"), (fault.Code, fault.Hint));
    }

    static LockedSource LockedOf(string commit) => new(commit, null);

    static string Content(CheckedOutSource found) => File.ReadAllText(Path.Join(found.Directory, "a"));

    static void Tag(GitRepository repository, bool isAnnotated) =>
        repository.Git(isAnnotated ? ["tag", "--force", "--annotate", "--message", "t", "v1"] : ["tag", "--force", "v1"]);
}
