using System.Text.Json;
using Pm.Repositories.Tests;
using Pm.Simulation.Repositories;
using Pm.Trust.Tuf;
using Xunit;

namespace Pm.Remotes.Tests;

/// <summary>Repositories of others, whose roles delegate further: what pm offers of them is what a search would find.</summary>
public sealed class DeepDelegationTests : IDisposable
{
    const string Custom = """{"merkle":"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"}""";

    static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    readonly TemporaryDirectory _directory = new();
    readonly RepositorySimulator _repository = new(Now);
    readonly SimulatedFetcher _fetcher;
    readonly RepositoryClient _client;
    readonly KeptIndex _kept = new();
    readonly SecretKey _key;

    public DeepDelegationTests()
    {
        _fetcher = new SimulatedFetcher(_repository.Files);
        _client = new RepositoryClient("testing", _fetcher, _directory["tuf/testing"]);
        _key = _repository.NewKey();
    }

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_role_two_steps_away_names_is_offered()
    {
        Publish(Role("a", "*/*", ["one/1.0"], Role("b", "two/*", ["two/1.0"])));

        await PullAsync();

        Assert.Equal(["one@1.0", "two@1.0"], _kept.Packages);
    }

    [Fact]
    public async Task What_it_may_not_speak_for_is_not_offered_and_said()
    {
        Publish(Role("a", "one/*", [], Role("b", "*/*", ["one/1.0", "two/1.0"])));

        var result = await PullAsync();

        Assert.Equal(["one@1.0"], _kept.Packages);
        Assert.Contains(result.Ignored, reason => reason.Contains("two/1.0: b may not speak for it", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_role_that_ends_the_search_silences_what_comes_after_it()
    {
        var ending = Role("a", "one/*", [], Role("b", "one/*", ["one/1.0"]));
        ending.IsTerminating = true;
        Publish(ending, Role("c", "*/*", ["one/2.0", "two/1.0"]));

        await PullAsync();

        Assert.Equal(["one@1.0", "two@1.0"], _kept.Packages);
    }

    [Fact]
    public async Task Nothing_is_read_again_while_nothing_changed_and_only_what_changed_is_fetched()
    {
        var inner = Role("b", "*/*", ["two/1.0"]);
        Publish(Role("a", "*/*", ["one/1.0"], inner));
        await PullAsync();
        _fetcher.Requests.Clear();
        Assert.Null((await PullAsync()).Update);
        Assert.Equal(["2.root.json", "timestamp.json"], _fetcher.Requests);

        Name(inner, "three/1.0");
        _repository.PublishDelegated(inner);
        _fetcher.Requests.Clear();
        await PullAsync();

        Assert.Equal(["2.root.json", "timestamp.json", "3.snapshot.json", "2.b.json"], _fetcher.Requests);
        Assert.Equal(["one@1.0", "three@1.0", "two@1.0"], _kept.Packages);
        Assert.Equal(["three@1.0"], _kept.Changes.Added);
    }

    [Fact]
    public async Task A_role_that_other_keys_than_its_delegators_signed_is_refused()
    {
        var inner = Role("b", "*/*", ["two/1.0"]);
        inner.Delegates[0] = _repository.NewKey();
        Publish(Role("a", "*/*", ["one/1.0"], inner));

        await Assert.ThrowsAsync<SignatureException>(PullAsync);
        Assert.Null(_kept.Index);
    }

    [Fact]
    public async Task Bins_in_few_words_are_read()
    {
        _repository.Succinct = new SuccinctRoles(new RoleKeys([_key.Public.Id], 1), 2, "bin");
        _repository.BinKeys.Add(_key);
        string[] paths = ["one/1.0", "two/1.0", "three/1.0", "four/1.0"];
        foreach (var bin in Enumerable.Range(0, 4).Select(number => _repository.Succinct.Role(number).Name))
        {
            var role = new SimulatedRole(bin, _key);
            foreach (var path in paths.Where(path => _repository.Succinct.RoleFor(path).Name == bin))
            {
                Name(role, path);
            }

            _repository.SignDelegated(role);
            _repository.Others.Add(role);
        }

        _repository.Publish();

        await PullAsync();

        Assert.Equal(["four@1.0", "one@1.0", "three@1.0", "two@1.0"], _kept.Packages);
    }

    public void Dispose()
    {
        _client.Dispose();
        _directory.Dispose();
    }

    SimulatedRole Role(string name, string pattern, string[] packages, params SimulatedRole[] delegated)
    {
        var role = new SimulatedRole(name, _key) { Paths = [pattern], IsTerminating = false };
        role.Delegated.AddRange(delegated);
        foreach (var path in packages)
        {
            Name(role, path);
        }

        _repository.SignDelegated(role);
        return role;
    }

    static void Name(SimulatedRole role, string path) => role.Targets[path] = new TargetFile(1, FileHashes.Of([1]), JsonElement.Parse(Custom));

    void Publish(params SimulatedRole[] roles)
    {
        _repository.Delegated.AddRange(roles);
        _repository.Publish();
    }

    async Task<PullResult> PullAsync()
    {
        if (!_client.IsTrusted)
        {
            _client.Trust(await _client.OfferRootAsync(Cancellation));
        }

        return await _kept.PullAsync(_client, Now, Cancellation);
    }
}
