using Pm.Packages.Manifests;
using Xunit;

namespace Pm.Stages.Tests.Sources;

/// <summary>URLs, names and repositories that are made to do harm.</summary>
public sealed class HostileGitTests : IDisposable
{
    readonly SourceWorld _world = new();

    public HostileGitTests() => Assert.SkipWhen(GitRepository.Obstacle is not null, GitRepository.Obstacle ?? "");

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData("--upload-pack=touch{IFS}pwned")]
    [InlineData("ext::sh -c touch% pwned")]
    [InlineData("ext::sh")]
    [InlineData("fd::17")]
    [InlineData("-oProxyCommand=touch pwned")]
    [InlineData("ssh://-oProxyCommand=touch/x")]
    [InlineData("ssh://git@-oProxyCommand=touch/x")]
    [InlineData("ssh://-oProxyCommand=touch@host/x")]
    [InlineData("ssh://%2doProxyCommand=touch%20pwned/x")]
    [InlineData("file://host\n/x")]
    [InlineData("/plain/path")]
    [InlineData("host:path")]
    [InlineData("https://name:secret@example.org/x")]
    public async Task A_url_that_git_could_take_for_something_else_is_refused(string url)
    {
        var marker = Path.Join(Path.DirectorySeparatorChar.ToString(), "pwned");
        var fault = await _world.FaultAsync(new GitSource(url, GitReferenceKind.Default, "", null));

        Assert.Contains(fault.Code, (string[])["PM7210", "PM7205"]);
        Assert.DoesNotContain('\n', fault.Message.Split("\n  ")[0]);
        Assert.False(File.Exists(marker));
        Assert.Equal(url.Contains("%2d", StringComparison.Ordinal), fault.Code == "PM7205");
    }

    [Theory]
    [InlineData("--upload-pack=touch")]
    [InlineData("-x")]
    [InlineData("../../etc")]
    [InlineData("a..b")]
    [InlineData("a\nb")]
    [InlineData("a b")]
    [InlineData("*")]
    [InlineData("main:refs/heads/main")]
    [InlineData("+main")]
    [InlineData("main^{tree}")]
    public async Task A_name_that_is_none_is_refused(string name)
    {
        var repository = _world.Repository().Write("a", "1");
        repository.Commit();

        // `+main` is a name that a branch can have; it is only not there.
        var expected = name == "+main" ? "PM7204" : "PM7210";
        foreach (var kind in new[] { GitReferenceKind.Branch, GitReferenceKind.Tag, GitReferenceKind.Name })
        {
            Assert.Equal(expected, (await _world.FaultAsync(new GitSource(repository.Url, kind, name, null))).Code);
        }

        Assert.Equal("PM7210", (await _world.FaultAsync(new GitSource(repository.Url, GitReferenceKind.Commit, name, null))).Code);
        Assert.Equal("PM7203", (await _world.FaultAsync(new GitSource(repository.Url, GitReferenceKind.Branch, "main", null), new(name, null))).Code);
    }

    [Theory]
    [InlineData("..")]
    [InlineData("a/../..")]
    [InlineData("/etc")]
    [InlineData("a\n0000")]
    public async Task A_folder_that_leads_elsewhere_is_refused(string folder) =>
        Assert.Equal("PM7210", (await _world.FaultAsync(new GitSource("file:///x", GitReferenceKind.Default, "", folder))).Code);

    [Theory]
    [InlineData("40000", ".git")]
    [InlineData("40000", ".GIT")]
    [InlineData("40000", "..")]
    [InlineData("40000", ".")]
    [InlineData("100644", "../x")]
    [InlineData("100644", ".git")]
    public async Task A_tree_with_a_name_that_leads_elsewhere_is_refused(string mode, string name)
    {
        var repository = _world.Repository().Write("a", "1");
        repository.Commit();
        var id = mode == "40000" ? repository.Git("rev-parse", "HEAD^{tree}") : repository.Git("rev-parse", "HEAD:a");
        repository.CommitTree(repository.Tree(mode, name, id));

        var fault = await _world.FaultAsync(new GitSource(repository.Url, GitReferenceKind.Branch, "main", null));

        Assert.Equal("PM7210", fault.Code);
        Nothing();
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("../outside")]
    [InlineData("d/../../outside")]
    public async Task A_link_that_leads_outside_is_refused(string target)
    {
        var repository = _world.Repository().Write("d/a", "1");
        File.CreateSymbolicLink(Path.Join(repository.Directory, "link"), target);
        repository.Commit();

        var fault = await _world.FaultAsync(new GitSource(repository.Url, GitReferenceKind.Branch, "main", null));

        Assert.Equal("PM7210", fault.Code);
        Assert.Contains("link", fault.Message, StringComparison.Ordinal);
        Nothing();
    }

    [Fact]
    public async Task A_few_objects_that_are_a_billion_files_are_refused()
    {
        var repository = _world.Repository().Write("a", "1");
        repository.Commit();
        var tree = repository.Git("rev-parse", "HEAD^{tree}");
        for (var i = 0; i < 8; i++)
        {
            var inner = tree;
            tree = repository.Mktree(string.Concat(Enumerable.Range(0, 16).Select(n => $"040000 tree {inner}\td{n:x}\n")));
        }

        repository.CommitTree(tree);

        var fault = await _world.FaultAsync(new GitSource(repository.Url, GitReferenceKind.Branch, "main", null));

        Assert.Equal("PM7210", fault.Code);
        Nothing();
    }

    [Fact]
    public async Task More_bytes_than_allowed_are_not_fetched()
    {
        var repository = _world.Repository();
        File.WriteAllBytes(Path.Join(repository.Directory, "large"), RandomBytes(400_000));
        repository.Commit();
        _world.Options = _world.Options with { FetchLimit = 100_000 };

        var fault = await _world.FaultAsync(new GitSource(repository.Url, GitReferenceKind.Branch, "main", null));

        Assert.Equal("PM7205", fault.Code);
        Assert.Contains("more than 100000 bytes", fault.Message, StringComparison.Ordinal);
        Nothing();
    }

    [Fact]
    public async Task More_content_than_allowed_is_not_written()
    {
        var repository = _world.Repository().Write("large", new string('a', 400_000));
        repository.Commit();
        _world.Options = _world.Options with { ContentLimit = 100_000 };

        Assert.Equal("PM7210", (await _world.FaultAsync(new GitSource(repository.Url, GitReferenceKind.Branch, "main", null))).Code);
        Nothing();
    }

    [Fact]
    public async Task Neither_hooks_nor_filters_nor_a_persons_configuration_run()
    {
        var repository = _world.Repository().Write("a", "1").Write(".gitattributes", "* filter=evil\n");
        repository.Commit();
        var ran = _world["ran"];
        File.WriteAllText(_world[".gitconfig"], $"[filter \"evil\"]\n\tsmudge = touch {ran}\n[core]\n\tfsmonitor = touch {ran}\n[url \"file:///nowhere\"]\n\tinsteadOf = file:///\n");
        Directory.CreateDirectory(_world[".git-templates/hooks"]);

        await _world.CheckOutAsync(new GitSource(repository.Url, GitReferenceKind.Branch, "main", null));

        Assert.False(File.Exists(ran));
    }

    [Fact]
    public async Task What_a_server_says_cannot_steer_a_terminal()
    {
        var repository = _world.Repository().Write("a", "1");
        repository.Commit();
        File.WriteAllText(Path.Join(repository.Directory, ".git/HEAD"), "ref: \u001b]0;title\u0007\n");

        var fault = await _world.FaultAsync(new GitSource(repository.Url, GitReferenceKind.Branch, "main", null));

        Assert.DoesNotContain('\u001b', fault.Message);
    }

    /// <summary>Nothing of a refused repository was checked out, nor is left of the attempt.</summary>
    void Nothing()
    {
        var trees = Path.Join(_world.Cache, "trees");
        Assert.Empty(Directory.Exists(trees) ? Directory.GetFileSystemEntries(trees) : []);
        Assert.Empty(Directory.GetFileSystemEntries(_world.Cache, ".pm-tmp-*", SearchOption.AllDirectories));
    }

    static byte[] RandomBytes(int count)
    {
        var bytes = new byte[count];
        new Random(1).NextBytes(bytes);
        return bytes;
    }
}
