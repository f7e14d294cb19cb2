using Pm.Packages.Manifests;
using Pm.Remotes.Http;
using Pm.Simulation.Lying;
using Pm.Stages.Sources;
using Xunit;

namespace Pm.Stages.Tests.Sources;

/// <summary>Git repositories over HTTP, in both of its protocols.</summary>
public sealed class GitOverHttpTests : IAsyncDisposable
{
    readonly SourceWorld _world = new();
    readonly GitRepository _repository;
    readonly GitGateway _gateway;
    readonly LyingServer _server;

    public GitOverHttpTests()
    {
        Assert.SkipWhen(GitRepository.Obstacle is not null, GitRepository.Obstacle ?? "");
        _repository = _world.Repository();
        _gateway = new GitGateway(() => Path.Join(_repository.Directory, ".git"));
        _server = new LyingServer(_ => null) { Gateway = _gateway.Answer };
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _world.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_branch_is_locked_fetched_and_followed(bool isModern)
    {
        _gateway.IsModern = isModern;
        var first = _repository.Write("a", "1").Commit();

        var found = await _world.CheckOutAsync(Branch());
        var second = _repository.Write("a", "2").Commit();
        var locked = await _world.CheckOutAsync(Branch(), new LockedSource(found.Commit, found.Tree));
        var followed = await _world.CheckOutAsync(Branch());

        Assert.Equal((first, first, second), (found.Commit, locked.Commit, followed.Commit));
        Assert.Equal("2", await File.ReadAllTextAsync(Path.Join(followed.Directory, "a"), SourceWorld.Cancellation));
        Assert.All(_server.Requests.Where(request => request.Method == "GET"), request => Assert.Equal("version=2", request.Headers["git-protocol"]));
        Assert.Equal(isModern, _server.Requests.Any(request => GitGateway.IsAbout(request, "ls-refs") && request.Method == "POST"));
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task An_old_commit_of_a_folder_is_had_whatever_the_server_can(bool isModern, bool isAble)
    {
        _gateway.IsModern = isModern;
        foreach (var able in (string[])["uploadpack.allowFilter", "uploadpack.allowReachableSHA1InWant"])
        {
            _repository.Git("config", able, isAble ? "true" : "false");
        }

        _repository.Write("wanted/a", "1").Write("other/b", new string('b', 1000));
        var commit = _repository.Commit();
        _repository.Write("wanted/a", "2").Commit();

        var found = await _world.CheckOutAsync(new GitSource(Url, GitReferenceKind.Commit, commit, "wanted"));

        Assert.Equal("1", await File.ReadAllTextAsync(Path.Join(found.Directory, "a"), SourceWorld.Cancellation));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_locked_commit_that_was_pushed_away_is_gone_by_name(bool isModern)
    {
        _gateway.IsModern = isModern;
        _repository.Write("a", "1").Commit();
        var lost = _repository.Write("a", "lost").Commit();
        _repository.Git("reset", "--quiet", "--hard", "HEAD~1");
        _repository.Write("a", "2").Commit();
        _repository.Git("reflog", "expire", "--expire=now", "--all");
        _repository.Git("gc", "--quiet", "--prune=now");

        var fault = await _world.FaultAsync(Branch(), new LockedSource(lost, null));

        Assert.Equal("PM7202", fault.Code);
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task A_branch_that_was_set_back_is_what_it_says_and_what_is_locked_stays()
    {
        var first = _repository.Write("a", "1").Commit();
        var second = _repository.Write("a", "2").Commit();
        var found = await _world.CheckOutAsync(Branch());
        _repository.Git("reset", "--quiet", "--hard", first);

        var locked = await _world.CheckOutAsync(Branch(), new LockedSource(second, found.Tree));
        var followed = await _world.CheckOutAsync(Branch());

        Assert.Equal((second, first), (locked.Commit, followed.Commit));
    }

    [Fact]
    public async Task A_tag_that_moved_after_locking_is_refused()
    {
        var first = _repository.Write("a", "1").Commit();
        _repository.Git("tag", "v1");
        _repository.Write("a", "2").Commit();
        _repository.Git("tag", "--force", "v1");

        Assert.Equal("PM7201", (await _world.FaultAsync(new GitSource(Url, GitReferenceKind.Tag, "v1", null), new LockedSource(first, null))).Code);
    }

    [Fact]
    public async Task A_pack_without_an_end_is_cut_off()
    {
        _repository.Write("a", "1").Commit();
        Lie("fetch", GitLies.EndlessPackAsync);
        var options = _world.Options;
        _world.Options = options with { FetchLimit = 1 << 20 };

        var fault = await _world.FaultAsync(Branch());

        Assert.Equal("PM7205", fault.Code);
        Assert.Contains("more than 1048576 bytes", fault.Message, StringComparison.Ordinal);
        AssertNothingIsLeft();
        await AssertHonestyHelpsAsync(options);
    }

    [Fact]
    public async Task A_spoilt_object_is_not_taken()
    {
        _repository.Write("a", new string('a', 100)).Write("b", Guid.Empty.ToString()).Commit();
        Lie("fetch", GitLies.SpoiltPackAsync);

        var fault = await _world.FaultAsync(Branch());

        Assert.Contains(fault.Code, (string[])["PM7205", "PM7210"]);
        AssertNothingIsLeft();
        await AssertHonestyHelpsAsync(_world.Options);
    }

    [Fact]
    public async Task The_branch_that_a_repository_follows_is_shown_only_where_it_is_a_name()
    {
        var commit = _repository.Write("a", "1").Commit();
        Lie("ls-refs", async answer =>
        {
            var lines = GitLies.Line($"{commit} HEAD symref-target:refs/heads/--upload-pack=touch\n") + "0000";
            await answer.SendHeadAsync("200 OK", $"Content-Length: {lines.Length}");
            await answer.SendAsync(lines);
        });

        var found = await _world.CheckOutAsync(new GitSource(Url, GitReferenceKind.Default, "", null));

        Assert.Equal((commit, "HEAD"), (found.Commit, found.Reference));
    }

    [Fact]
    public async Task A_proxy_is_gone_through_with_its_credentials()
    {
        _repository.Write("a", "1").Commit();
        await using var proxy = new SampleProxy(_server.Port) { Wanted = "Basic cGF0OnNlY3JldA==" };
        Use(new HttpSettings { Proxies = ProxyRules.From($"http://pat:secret@127.0.0.1:{proxy.Port}", _ => null) });

        await _world.CheckOutAsync(new GitSource("http://far.test/lib.git", GitReferenceKind.Branch, "main", null));

        Assert.Contains(proxy.Requests, request => request.Line.Contains("http://far.test/lib.git/info/refs", StringComparison.Ordinal));
        Assert.All(_server.Requests, request => Assert.False(request.Headers.ContainsKey("authorization")));
    }

    [Fact]
    public async Task A_proxy_that_refuses_is_named()
    {
        await using var proxy = new SampleProxy(_server.Port) { Refusal = "403 Forbidden" };
        Use(new HttpSettings { Proxies = ProxyRules.From($"http://127.0.0.1:{proxy.Port}", _ => null) });

        var fault = await _world.FaultAsync(new GitSource("http://far.test/lib.git", GitReferenceKind.Branch, "main", null));

        Assert.Equal("PM7205", fault.Code);
        Assert.Contains("403", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proxy_of_the_environment_is_not_for_git_alone()
    {
        _repository.Write("a", "1").Commit();
        _world.Options = _world.Options with
        {
            Environment = new Dictionary<string, string>(_world.Options.Environment) { ["http_proxy"] = "http://127.0.0.1:1", ["GIT_SSL_NO_VERIFY"] = "1", ["GIT_TRACE_CURL"] = "1" },
        };

        Assert.NotNull((await _world.CheckOutAsync(Branch())).Commit);
    }

    [Fact]
    public async Task An_authority_of_the_person_is_believed_and_no_other()
    {
        _repository.Write("a", "1").Commit();
        using var authority = new SampleAuthority(DateTimeOffset.UtcNow);
        await using var server = new LyingServer(_ => null, authority.Issue("127.0.0.1")) { Gateway = _gateway.Answer };
        var source = new GitSource($"{server.Url}/{GitGateway.Name}", GitReferenceKind.Branch, "main", null);
        Assert.Equal("PM7205", (await _world.FaultAsync(source)).Code);
        await File.WriteAllTextAsync(_world["ca.pem"], authority.Pem, SourceWorld.Cancellation);

        Use(new HttpSettings { CertificateFile = _world["ca.pem"] });

        Assert.NotNull((await _world.CheckOutAsync(source)).Commit);
    }

    string Url => $"{_server.Url}/{GitGateway.Name}";

    GitSource Branch() => new(Url, GitReferenceKind.Branch, "main", null);

    void Use(HttpSettings http) => _world.Options = _world.Options with { Http = () => http };

    void Lie(string part, Lie lie)
    {
        _server.LiesTo = request => GitGateway.IsAbout(request, part);
        _server.LieAlways = lie;
    }

    async Task AssertHonestyHelpsAsync(SourceOptions options)
    {
        (_world.Options, _server.LieAlways) = (options, null);
        Assert.NotNull((await _world.CheckOutAsync(Branch())).Commit);
    }

    /// <summary>Neither a tree nor anything of an attempt.</summary>
    void AssertNothingIsLeft()
    {
        Assert.False(Directory.Exists(Path.Join(_world.Cache, "trees")));
        Assert.Empty(Directory.GetFileSystemEntries(_world.Cache, ".pm-tmp-*", SearchOption.AllDirectories));
    }
}
