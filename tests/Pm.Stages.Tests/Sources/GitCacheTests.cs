using Pm.Linux;
using Pm.Packages.Manifests;
using Pm.Simulation.Lying;
using Pm.Stages.Sources;
using Xunit;

namespace Pm.Stages.Tests.Sources;

/// <summary>What is kept of git repositories: without a network, beside others, and after a pm that was killed.</summary>
public sealed class GitCacheTests : IDisposable
{
    readonly SourceWorld _world = new();

    public GitCacheTests() => Assert.SkipWhen(GitRepository.Obstacle is not null, GitRepository.Obstacle ?? "");

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task What_is_locked_and_cached_needs_neither_network_nor_git()
    {
        var repository = _world.Repository().Write("a", "1");
        repository.Commit();
        var found = await _world.CheckOutAsync(MainOf(repository));
        Directory.Delete(repository.Directory, recursive: true);
        _world.Options = _world.Options with { Environment = new Dictionary<string, string>() };
        var locked = new LockedSource(found.Commit, found.Tree);

        Assert.Equal(found, await _world.CheckOutAsync(MainOf(repository), locked));
        Assert.Equal(found, await _world.CheckOutAsync(MainOf(repository), locked, isOffline: true));
        Assert.Equal(found, await _world.CheckOutAsync(MainOf(repository), isOffline: true));
    }

    [Fact]
    public async Task A_commit_that_is_named_needs_nobody_once_it_is_cached()
    {
        var repository = _world.Repository().Write("a", "1");
        var source = new GitSource(repository.Url, GitReferenceKind.Commit, repository.Commit(), null);
        var found = await _world.CheckOutAsync(source);
        Directory.Delete(repository.Directory, recursive: true);

        Assert.Equal(found, await _world.CheckOutAsync(source));
        Assert.Null(found.Reference);
    }

    [Fact]
    public async Task Offline_what_is_missing_is_named()
    {
        var repository = _world.Repository().Write("a", "1").Write("d/b", "b").Write("e/c", "c");
        repository.Git("config", "uploadpack.allowFilter", "true");
        var first = repository.Commit();
        await _world.CheckOutAsync(MainOf(repository) with { Folder = "d" });
        var second = repository.Write("a", "2").Commit();

        Assert.Contains(second, (await NotHere(MainOf(repository), new LockedSource(second, null))).Message, StringComparison.Ordinal);
        Assert.Contains("`other`", (await NotHere(MainOf(repository) with { Reference = "other" }, null)).Message, StringComparison.Ordinal);

        // The commit is there, the files of another folder were left out.
        await NotHere(MainOf(repository) with { Folder = "e" }, new LockedSource(first, null));
        async Task<StageException> NotHere(GitSource source, LockedSource? locked)
        {
            var fault = await _world.FaultAsync(source, locked, isOffline: true);
            Assert.Equal("PM7207", fault.Code);
            Assert.Contains(repository.Url, fault.Message, StringComparison.Ordinal);
            return fault;
        }
    }

    [Fact]
    public async Task Many_at_once_get_the_same()
    {
        var repository = _world.Repository();
        for (var i = 0; i < 100; i++)
        {
            repository.Write($"f{i}", $"{i}");
        }

        repository.Commit();

        // Two places of one content, so that they also meet at the tree.
        GitSource[] sources = [MainOf(repository), new GitSource($"{repository.Url}/.git", GitReferenceKind.Branch, "main", null)];
        var found = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => _world.CheckOutAsync(sources[i % 2])));

        Assert.Single(found.Distinct());
        Assert.Equal(100, Directory.GetFiles(found[0].Directory).Length);
        Assert.Empty(Directory.GetFileSystemEntries(_world.Cache, ".pm-tmp-*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task What_a_killed_pm_left_is_neither_taken_nor_in_the_way()
    {
        var repository = _world.Repository().Write("a", "1");
        repository.Commit();
        await _world.CheckOutAsync(MainOf(repository));
        var kept = Directory.GetDirectories(Path.Join(_world.Cache, "git")).Single();
        string[] left = [Path.Join(kept, ".pm-tmp-999999999-1"), Path.Join(_world.Cache, "trees/.pm-tmp-999999999-2")];
        foreach (var directory in left)
        {
            Directory.CreateDirectory(Path.Join(directory, "objects/pack"));
            File.WriteAllText(Path.Join(directory, "objects/pack/tmp_pack_x"), "half");
            File.WriteAllText(Path.Join(directory, "shallow.lock"), "");
        }

        repository.Write("a", "2").Commit();
        var found = await _world.CheckOutAsync(MainOf(repository));

        Assert.Equal("2", File.ReadAllText(Path.Join(found.Directory, "a")));
        Assert.All(left, directory => Assert.False(Directory.Exists(directory)));
    }

    [Fact]
    public async Task A_fetch_that_fails_half_way_leaves_the_repository_as_it_was()
    {
        var repository = _world.Repository().Write("a", "1");
        var first = repository.Commit();
        await _world.CheckOutAsync(MainOf(repository));
        repository.Write("a", "2").Commit();
        FakeGit("case \"$*\" in *' fetch '*) echo half > shallow; echo half > objects/pack/pack-1.pack; echo 'fatal: gone' >&2; exit 128;; esac");

        Assert.Equal("PM7205", (await _world.FaultAsync(MainOf(repository))).Code);

        RealGit();
        Directory.Delete(Path.Join(_world.Cache, "trees"), recursive: true);
        Assert.Equal("1", File.ReadAllText(Path.Join((await _world.CheckOutAsync(MainOf(repository), new LockedSource(first, null))).Directory, "a")));
    }

    [Fact]
    public async Task Who_ends_it_ends_all_that_git_started()
    {
        var repository = _world.Repository().Write("a", "1");
        repository.Commit();
        var pipe = _world["pipe"];
        var made = new ChildOptions { FileName = "mkfifo", SearchPath = "/usr/bin:/bin", Arguments = [pipe] };
        Assert.True(ChildProcess.Run(made, SourceWorld.Cancellation).IsSuccess);
        FakeGit($"case \"$*\" in *' fetch '*) exec 9> {pipe}; echo here >&9; sleep 1000 & wait;; esac");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(SourceWorld.Cancellation);
        var checkout = new SourceCache(_world.Cache, _world.Options).CheckOutAsync(MainOf(repository), "/", null, stop.Token);
        using var reader = new StreamReader(pipe);
        Assert.Equal("here", await reader.ReadLineAsync(SourceWorld.Cancellation));

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => checkout);

        // The pipe ends when nobody holds it any more.
        Assert.Equal("", await reader.ReadToEndAsync(SourceWorld.Cancellation));
        Assert.Empty(Directory.GetFileSystemEntries(_world.Cache, ".pm-tmp-*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_git_that_does_not_end_is_ended()
    {
        var repository = _world.Repository().Write("a", "1");
        repository.Commit();
        FakeGit("case \"$*\" in *' fetch '*) sleep 1000 & wait;; esac");
        _world.Options = _world.Options with { TimeLimit = TimeSpan.FromSeconds(1) };

        var fault = await _world.FaultAsync(MainOf(repository));

        Assert.Equal("PM7205", fault.Code);
        Assert.Contains("no end within", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_gives_only_files_is_fetched_from_whole()
    {
        var repository = _world.Repository().Write("a", "1").Write("d/b", "b");
        var first = repository.Commit();
        repository.Git("tag", "--annotate", "--message", "t", "v1");
        repository.Write("a", "2").Commit();
        repository.Git("update-server-info");
        await using var server = new LyingServer(path => Path.Join(repository.Directory, ".git", path.Split('?')[0]) is var file && File.Exists(file) ? File.ReadAllBytes(file) : null);

        var now = await _world.CheckOutAsync(new GitSource(server.Url, GitReferenceKind.Branch, "main", null));
        var before = await _world.CheckOutAsync(new GitSource(server.Url, GitReferenceKind.Branch, "main", null), new LockedSource(first, null));
        var tag = await _world.CheckOutAsync(new GitSource(server.Url, GitReferenceKind.Tag, "v1", "d"));
        var gone = await _world.FaultAsync(new GitSource(server.Url, GitReferenceKind.Branch, "main", null), new LockedSource(new string('1', 40), null));

        Assert.Equal(("2", "1"), (File.ReadAllText(Path.Join(now.Directory, "a")), File.ReadAllText(Path.Join(before.Directory, "a"))));
        Assert.Equal("b", File.ReadAllText(Path.Join(tag.Directory, "b")));
        Assert.Equal("PM7202", gone.Code);
    }

    [Fact]
    public async Task What_was_replaced_long_ago_goes_when_there_are_many_packs()
    {
        var repository = _world.Repository();
        CheckedOutSource? found = null;
        for (var i = 0; i < 53; i++)
        {
            repository.Write("a", $"{i}").Commit();
            found = await _world.CheckOutAsync(MainOf(repository));
        }

        Assert.Equal("52", File.ReadAllText(Path.Join(found!.Directory, "a")));
        Assert.InRange(Directory.GetFiles(_world.Cache, "*.pack", SearchOption.AllDirectories).Length, 1, 50);
    }

    static GitSource MainOf(GitRepository repository) => new(repository.Url, GitReferenceKind.Branch, "main", null);

    /// <summary>A git that does something else first, and the real one's work unless that ends it.</summary>
    void FakeGit(string script)
    {
        var directory = Directory.CreateDirectory(_world["bin"]).FullName;
        var file = Path.Join(directory, "git");
        var real = ProgramPath.Find("git", "/usr/local/bin:/usr/bin:/bin");

        // Written by another process: what this one has open for writing when a test beside this starts a child cannot be run for a moment.
        Assert.True(ChildProcess.Run(new ChildOptions
        {
            FileName = "/bin/sh",
            Arguments = ["-c", "cat > \"$1\" && chmod 755 \"$1\"", "sh", file],
            Environment = new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin" },
            Input = System.Text.Encoding.UTF8.GetBytes($"#!/bin/sh\n{script}\nexec {real} \"$@\"\n"),
        }).IsSuccess);
        SetPath($"{directory}:/usr/bin:/bin");
    }

    void RealGit() => SetPath("/usr/local/bin:/usr/bin:/bin");

    void SetPath(string path) =>
        _world.Options = _world.Options with { Environment = new Dictionary<string, string> { ["PATH"] = path, ["HOME"] = _world["home"] } };
}
