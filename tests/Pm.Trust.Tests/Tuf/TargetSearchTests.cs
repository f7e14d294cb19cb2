using System.Security.Cryptography;
using System.Text;
using Pm.Simulation.Repositories;
using Pm.Trust.Tuf;
using Xunit;

namespace Pm.Trust.Tests.Tuf;

/// <summary>TUF 5.6.7: who speaks for a target. Each graph says who must be asked, in which order, and who has it.</summary>
public class TargetSearchTests
{
    static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    readonly RepositorySimulator _repository = new(Now);
    readonly SimulatedClient _client;
    readonly SecretKey _key;

    public TargetSearchTests()
    {
        _client = new SimulatedClient(_repository, Now);
        _key = _repository.NewKey();
    }

    [Fact]
    public void What_the_top_level_names_is_found_without_asking_anybody()
    {
        Graph(Role("a", [Role("b")]));
        _repository.AddTarget("x", [1]);
        _repository.Publish();

        var search = _client.Find("x");

        Assert.Equal("targets", search.FoundIn);
        Assert.Empty(Asked());
    }

    [Fact]
    public void A_role_is_asked_before_those_it_delegates_to_and_these_before_the_next()
    {
        Graph(Role("a", [Role("b", [Role("c")]), Role("d")]), Role("e"));

        Assert.Null(_client.Find("x").Found);
        Assert.Equal(["a", "b", "c", "d", "e"], Asked());
    }

    [Theory]
    [InlineData("a", "a")]
    [InlineData("b", "a b")]
    [InlineData("c", "a b c")]
    [InlineData("d", "a b c d")]
    [InlineData("b d", "a b")]
    [InlineData("c d", "a b c")]
    public void The_first_that_names_it_speaks_and_nobody_after_it_is_asked(string namedIn, string asked)
    {
        Graph(Role("a", [Role("b"), Role("c")]), Role("d"));
        foreach (var role in namedIn.Split(' '))
        {
            Name(role, "x");
        }

        var search = _client.Find("x");

        Assert.Equal(namedIn.Split(' ')[0], search.FoundIn);
        Assert.Equal(asked.Split(' '), Asked());
    }

    [Fact]
    public void A_role_that_ends_the_search_silences_those_after_it_also_above()
    {
        Graph(Role("a", [Role("b"), Ending("c", [Role("d")]), Role("e")]), Role("f"));
        Name("e", "x");
        Name("f", "x");

        Assert.Null(_client.Find("x").Found);
        Assert.Equal(["a", "b", "c", "d"], Asked());
    }

    [Fact]
    public void A_role_that_ends_searches_ends_those_only_that_it_may_speak_for()
    {
        Graph(Role("a", ["y"], isTerminating: true), Role("b"));
        Name("b", "x");

        Assert.Equal("b", _client.Find("x").FoundIn);
        Assert.Equal(["b"], Asked());
    }

    [Fact]
    public void A_circle_ends()
    {
        var (a, b) = (Role("a"), Role("b"));
        a.Delegated.AddRange([b, a]);
        b.Delegated.Add(a);
        Graph(a, b, Role("c"));

        Assert.Null(_client.Find("x").Found);
        Assert.Equal(["a", "b", "c"], Asked());
    }

    [Fact]
    public void A_role_that_two_delegate_to_is_asked_once()
    {
        var shared = Role("s");
        Graph(Role("a", [shared]), Role("b", [shared]));

        Assert.Null(_client.Find("x").Found);
        Assert.Equal(["a", "s", "b"], Asked());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void No_more_roles_are_asked_than_the_limit_says(bool isDeep)
    {
        var roles = Enumerable.Range(0, MetadataLimits.SearchedRoles + 5).Select(number => Role($"r{number}")).ToList();
        for (var at = 1; isDeep && at < roles.Count; at++)
        {
            roles[at - 1].Delegated.Add(roles[at]);
        }

        Graph([.. isDeep ? roles.Take(1) : roles]);
        Name($"r{MetadataLimits.SearchedRoles - 1}", "last");
        Name($"r{MetadataLimits.SearchedRoles}", "beyond");

        var set = _client.Refresh();
        Assert.Equal($"r{MetadataLimits.SearchedRoles - 1}", _client.Find(set, "last").FoundIn);
        var search = _client.Find(set, "beyond");
        Assert.Null(search.Found);
        Assert.True(search.IsCutOff);
        Assert.Equal(MetadataLimits.SearchedRoles, Asked().Distinct().Count());
    }

    [Fact]
    public void A_target_must_be_within_the_paths_of_all_who_led_to_it()
    {
        Graph(Role("a", ["d/*"], false, Role("b", ["*", "*/*"], false)));
        Name("b", "x");
        Name("b", "d/x");

        var set = _client.Refresh();
        Assert.Null(_client.Find(set, "x").Found);
        Assert.Equal("b", _client.Find(set, "d/x").FoundIn);
    }

    [Fact]
    public void What_a_role_names_beyond_its_own_paths_is_not_found_there()
    {
        Graph(Role("a", ["mine/*"], false));
        Name("a", "yours/x");

        Assert.Null(_client.Find("yours/x").Found);
        Assert.Empty(Asked());
    }

    [Fact]
    public void Bins_are_asked_by_the_digest_of_the_path()
    {
        var digit = Convert.ToHexStringLower(SHA256.HashData("x"u8))[..1];
        Graph([.. "0123456789abcdef".Select(prefix => new SimulatedRole($"bin-{prefix}", _key) { Prefixes = [prefix.ToString()], IsTerminating = false })]);
        Name($"bin-{digit}", "x");

        Assert.Equal($"bin-{digit}", _client.Find("x").FoundIn);
        Assert.Equal([$"bin-{digit}"], Asked());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(16)]
    [InlineData(32)]
    public void Succinct_bins_are_found_by_the_first_bits_of_the_digest(int bits)
    {
        var number = Convert.ToUInt32(Convert.ToHexString(SHA256.HashData("x"u8))[..8], 16) >> (32 - bits);
        var digits = (bits + 3) / 4;
        var name = $"p-{number.ToString($"x{digits}")}";
        var bin = new SimulatedRole(name, _key);
        bin.Targets["x"] = new TargetFile(1, FileHashes.Of([1]));
        Succinct(bits, bin);

        Assert.Equal(name, _client.Find("x").FoundIn);
        Assert.Equal([name], Asked());
    }

    [Fact]
    public void Succinct_bins_delegate_further_and_end_no_search()
    {
        var number = Convert.ToHexStringLower(SHA256.HashData("x"u8))[..1];
        var deeper = Role("deeper");
        var bin = new SimulatedRole($"p-{number}", _key) { Delegated = { deeper } };
        var succinct = Role("s");
        (succinct.Succinct, succinct.Version) = (new SuccinctRoles(new RoleKeys([_key.Public.Id], 1), 4, "p"), 0);
        succinct.BinKeys.Add(_key);
        _repository.Others.Add(bin);
        Graph(succinct, Role("last"));
        _repository.SignDelegated(bin);
        _repository.SignDelegated(deeper);
        _repository.Publish();

        Assert.Null(_client.Find("x").Found);
        Assert.Equal(["s", $"p-{number}", "deeper", "last"], Asked());
    }

    [Fact]
    public void A_succinct_bin_that_other_keys_signed_is_refused()
    {
        var bin = new SimulatedRole($"p-{Convert.ToHexStringLower(SHA256.HashData("x"u8))[..1]}", _repository.NewKey());
        Succinct(4, bin);

        Assert.Throws<SignatureException>(() => _client.Find("x"));
    }

    [Fact]
    public void Every_bin_spelled_out_may_speak_for_what_it_is_asked_for()
    {
        var succinct = new SuccinctRoles(new RoleKeys([], 1), 5, "p");
        var spelled = new Delegations(new Dictionary<string, TufKey>(), []) { Succinct = succinct }.Spelled();

        Assert.Equal(32, spelled.Roles.Length);
        Assert.Equal("p-1f", spelled.Roles[^1].Name);
        foreach (var path in Enumerable.Range(0, 200).Select(number => $"target-{number}"))
        {
            Assert.Equal(succinct.RoleFor(path).Name, Assert.Single(spelled.RolesFor(path)).Name);
        }
    }

    // Who signs.

    [Fact]
    public void A_kept_role_is_held_against_the_keys_of_who_delegates_to_it_now()
    {
        var role = Role("a");
        Graph(role);
        Name("a", "x");
        Assert.NotNull(_client.Find("x").Found);

        role.Delegates[0] = _repository.NewKey();
        _repository.Publish();

        Assert.Throws<SignatureException>(() => _client.Find("x"));
    }

    [Fact]
    public void A_kept_role_that_the_new_keys_signed_too_is_not_fetched_again()
    {
        var (role, second) = (Role("a"), _repository.NewKey());
        role.Keys.Add(second);
        Graph(role);
        Name("a", "x");
        Assert.NotNull(_client.Find("x").Found);

        role.Delegates[0] = second;
        _repository.Publish();

        Assert.NotNull(_client.Find("x").Found);
        Assert.Empty(Asked());
    }

    [Fact]
    public void A_role_that_one_delegator_believes_is_not_believed_for_another_with_other_keys()
    {
        var shared = Role("s", ["x", "y"], false);
        var (a, b) = (Role("a", ["x"], false, shared), Role("b", ["y"], false));
        var elsewhere = new SimulatedRole("s", _repository.NewKey()) { Paths = ["x", "y"] };
        Graph(a, b);
        b.Delegated.Add(elsewhere);
        _repository.PublishDelegated(b);
        Name("s", "x");
        Name("s", "y");

        var set = _client.Refresh();
        Assert.Equal("s", _client.Find(set, "x").FoundIn);
        Assert.Contains("b.json's", Assert.Throws<SignatureException>(() => _client.Find(set, "y")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_role_is_believed_under_a_key_that_only_its_delegator_lists()
    {
        Graph(Role("a", [new SimulatedRole("b", _repository.NewKey()) { Paths = ["*"] }]));
        Name("b", "x");

        Assert.Equal("b", _client.Find("x").FoundIn);
    }

    [Fact]
    public void The_keys_of_the_top_level_do_not_speak_for_a_role_that_another_delegates_to()
    {
        var inner = new SimulatedRole("b", _key) { Paths = ["*"] };
        inner.Delegates[0] = _repository.NewKey();
        Graph(Role("a", [inner]));

        Assert.Throws<SignatureException>(() => _client.Find("x"));
    }

    [Fact]
    public void A_role_that_the_snapshot_does_not_name_ends_the_search()
    {
        var role = Role("a");
        Graph(role, Role("b"));
        Name("b", "x");
        role.Version = 0;
        _repository.PublishSnapshot();
        _repository.PublishTimestamp();

        // Held against nothing: a client that knew the role would call it a rollback.
        Assert.Throws<MismatchException>(() => new SimulatedClient(_repository, Now).Find("x"));
    }

    [Fact]
    public void An_expired_role_ends_the_search()
    {
        var role = Role("a");
        Graph(role);
        role.Expires = Now.AddDays(-1);
        _repository.PublishDelegated(role);

        Assert.Throws<ExpiredException>(() => _client.Find("x"));
    }

    [Fact]
    public void A_role_out_of_another_state_is_refused()
    {
        var role = Role("a");
        Graph(role);
        var old = _repository.Files["1.a.json"];
        _repository.PublishDelegated(role);
        _repository.Files["2.a.json"] = old;

        Assert.Throws<MismatchException>(() => _client.Find("x"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("%2e%2e")]
    [InlineData("日本 語?#\\\"")]
    public void The_name_of_a_role_is_data(string name)
    {
        Graph(Role(name, [Role(name + "!")]));
        Name(name + "!", "x");

        Assert.Equal(name + "!", _client.Find("x").FoundIn);
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("../x")]
    [InlineData("")]
    [InlineData("日本 語?#\\\"")]
    public void The_path_of_a_target_is_data(string path)
    {
        _repository.AddTarget(path, [1]);
        _repository.Publish();

        Assert.NotNull(_client.Find(path).Found);
    }

    [Fact]
    public void A_search_at_its_end_takes_nothing()
    {
        var search = _client.Find("x");

        Assert.Throws<InvalidOperationException>(() => search.Take(_client.Refresh().Targets!.Content));
    }

    SimulatedRole Role(string name, params SimulatedRole[] delegated) => Role(name, ["*"], false, delegated);

    SimulatedRole Role(string name, string[] paths, bool isTerminating, params SimulatedRole[] delegated)
    {
        var role = new SimulatedRole(name, _key) { Paths = paths, IsTerminating = isTerminating };
        role.Delegated.AddRange(delegated);
        return role;
    }

    SimulatedRole Ending(string name, params SimulatedRole[] delegated) => Role(name, ["*"], true, delegated);

    void Graph(params SimulatedRole[] roles)
    {
        _repository.Delegated.AddRange(roles);
        foreach (var role in Everyone())
        {
            _repository.SignDelegated(role);
        }

        _repository.Publish();
    }

    void Succinct(int bits, SimulatedRole bin)
    {
        _repository.Succinct = new SuccinctRoles(new RoleKeys([_key.Public.Id], 1), bits, "p");
        _repository.BinKeys.Add(_key);
        _repository.Others.Add(bin);
        _repository.SignDelegated(bin);
        _repository.Publish();
    }

    void Name(string role, string path)
    {
        var named = Everyone().First(other => other.Name == role);
        named.Targets[path] = new TargetFile(1, FileHashes.Of(Encoding.UTF8.GetBytes(path)));
        _repository.PublishDelegated(named);
    }

    List<SimulatedRole> Everyone()
    {
        var (seen, waiting) = (new List<SimulatedRole>(), new Queue<SimulatedRole>(_repository.Delegated));
        while (waiting.TryDequeue(out var role))
        {
            if (!seen.Contains(role))
            {
                seen.Add(role);
                role.Delegated.ForEach(waiting.Enqueue);
            }
        }

        return seen;
    }

    /// <summary>The delegated roles whose metadata was fetched, in order.</summary>
    IEnumerable<string> Asked() => _client.Fetched
        .Where(file => !file.Contains("root.json") && !file.Contains("timestamp.json") && !file.Contains("snapshot.json") && !file.Contains("targets.json"))
        .Select(file => file[(file.IndexOf('.') + 1)..^".json".Length]);
}
