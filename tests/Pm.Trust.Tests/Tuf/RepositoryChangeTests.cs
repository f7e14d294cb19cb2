using System.Text;
using Pm.Trust.Tuf;
using Pm.Trust.Tuf.Changes;
using Xunit;

namespace Pm.Trust.Tests.Tuf;

/// <summary>Changes that several people sign: who must, what is taken, what is shown.</summary>
public sealed class RepositoryChangeTests
{
    const int Rounds = 400;

    static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    // Made of their number, so that a round can be repeated.
    static readonly SecretKey[] Ring = [.. Enumerable.Range(1, 8).Select(number => new SecretKey(Enumerable.Repeat((byte)number, 32).ToArray()))];

    /// <summary>
    /// The oracle counts: as many of the old root's keys as the old root asks for, as many of the new one's, and for targets as
    /// many as the new root asks for. What it says, the change and a client must say, too.
    /// </summary>
    [Fact]
    public void Who_must_have_signed_is_a_matter_of_counting()
    {
        var random = new Random(20260501);
        int complete = 0, incomplete = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var (old, next) = (RandomRoot(random, 1), RandomRoot(random, 2));
            var hasTargets = random.Next(2) == 0;
            var change = RepositoryChange.Of(Signed(old), default, next, hasTargets ? Targets(1) : null);
            var signers = Ring.Where(_ => random.Next(3) > 0).ToHashSet();
            var signed = signers.Aggregate(change, (so, key) => so.SignWhereKnown(key));

            var ids = signers.Select(key => key.Public.Id).ToHashSet();
            bool Enough(RootMetadata root, string role) => root.Roles[role].KeyIds.Count(ids.Contains) >= root.Roles[role].Threshold;
            var expectsRoot = Enough(old, "root") && Enough(next, "root");
            var expected = expectsRoot && (!hasTargets || Enough(next, "targets"));

            var carried = RepositoryChange.Parse(signed.ToBytes(), $"round {round}");
            Assert.Equal(expected, signed.IsComplete);
            Assert.Equal(expected, carried.IsComplete);
            Assert.Equal(expectsRoot, IsTakenByClient(old, carried));
            _ = expected ? complete++ : incomplete++;
        }

        // The oracle said both often enough for this to mean something.
        Assert.True(complete > Rounds / 10 && incomplete > Rounds / 10, $"{complete} and {incomplete}");
    }

    [Fact]
    public void Copies_that_several_signed_are_put_together_in_any_order()
    {
        var (old, next) = (Root(1, 2, Ring[..3]), Root(2, 2, Ring[3..6]));
        var change = RepositoryChange.Of(Signed(old), default, next, null);
        var copies = new[] { Ring[0], Ring[2], Ring[3], Ring[5] }.Select(key => RepositoryChange.Parse(change.Sign(key).ToBytes(), "copy")).ToList();

        var one = copies.Aggregate(change, (so, copy) => so.With(copy));
        var other = Enumerable.Reverse(copies).Aggregate(change, (so, copy) => so.With(copy));

        Assert.True(one.IsComplete);
        Assert.Equal(one.ToBytes(), other.ToBytes());
        Assert.Equal(one.ToBytes(), one.With(copies[0]).ToBytes());
        Assert.All(copies, copy => Assert.False(copy.IsComplete));
    }

    [Fact]
    public void A_key_that_has_no_say_does_not_sign()
    {
        var change = RepositoryChange.Of(Signed(Root(1, 1, Ring[..1])), default, Root(2, 1, Ring[1..2]), null);

        Assert.Equal("PM3027", Assert.Throws<ChangeException>(() => change.Sign(Ring[4])).Code);
        Assert.Empty(change.SignWhereKnown(Ring[4]).Root!.KeyIds);
    }

    [Fact]
    public void What_was_altered_after_it_was_signed_is_refused()
    {
        var text = Encoding.UTF8.GetString(RepositoryChange.Of(Signed(Root(1, 1, Ring[..1])), default, Root(2, 2, Ring[1..3]), null).Sign(Ring[0]).ToBytes());
        var at = text.LastIndexOf("\"threshold\":2", StringComparison.Ordinal);

        Assert.Equal("PM3026", Refused(text.Remove(at, 13).Insert(at, "\"threshold\":1")));
    }

    [Fact]
    public void A_signature_by_a_strangers_key_is_refused()
    {
        var strange = RepositoryChange.Of(Signed(Root(1, 1, Ring[..1])), default, Root(2, 1, Ring[..1]), null).Sign(Ring[0]);
        var text = Encoding.UTF8.GetString(strange.ToBytes());
        var at = text.LastIndexOf(Ring[0].Public.Id, StringComparison.Ordinal);

        Assert.Equal("PM3027", Refused(text.Remove(at, 64).Insert(at, new string('0', 64))));
    }

    /// <summary>A member that pm does not know would be signed unseen.</summary>
    [Fact]
    public void What_cannot_be_shown_is_not_signed()
    {
        var text = Encoding.UTF8.GetString(RepositoryChange.Of(Signed(Root(1, 1, Ring[..1])), default, Root(2, 1, Ring[..1]), null).ToBytes());
        var at = text.LastIndexOf("\"spec_version\"", StringComparison.Ordinal);

        Assert.Equal("PM3020", Refused(text.Insert(at, "\"more\":1,")));
    }

    [Fact]
    public void The_present_state_is_signed_by_its_own_keys_or_refused()
    {
        var root = RoleSigner.Sign(Root(1, 1, Ring[..1]), [Ring[1]]);
        var text = $$"""{"format":1,"current":{"root":{{Encoding.UTF8.GetString(root)}} }, "next":{"root":{{Encoding.UTF8.GetString(Signed(Root(2, 1, Ring[..1])))}} } }""";

        Assert.Equal("PM3023", Refused(text));
    }

    [Theory]
    [InlineData("""{"format":1,"next":{}}""")]
    [InlineData("""{"format":2,"next":{}}""")]
    [InlineData("""{"format":1,"next":{"root":{"signed":{},"signatures":[]}}}""")]
    [InlineData("""{"format":1}""")]
    [InlineData("[]")]
    public void What_is_no_change_is_refused(string text) => Assert.Equal("PM3020", Refused(text));

    [Theory]
    [InlineData(1, 1, 1, 2)]
    [InlineData(3, 1, 1, 2)]
    [InlineData(2, -1, 1, 2)]
    [InlineData(2, 1, 3, 2)]
    public void What_no_client_would_take_is_not_signed(long version, int days, int threshold, int keys)
    {
        var next = Root(version, threshold, Ring[..keys], Now.AddDays(days));
        var change = RepositoryChange.Of(Signed(Root(1, 1, Ring[..1])), default, next, null);

        Assert.Equal("PM3028", Assert.Throws<ChangeException>(() => change.RequireSound(Now)).Code);
    }

    [Fact]
    public void Everything_that_changes_shows()
    {
        var old = Root(1, 1, Ring[..1]);
        var targets = new TargetsMetadata
        {
            Version = 2,
            Expires = Now.AddDays(30),
            Targets = new Dictionary<string, TargetFile> { ["b/1"] = File(2), ["c/1"] = File(3) },
        };
        var before = RoleSigner.Sign(
            new TargetsMetadata { Version = 1, Expires = Now.AddDays(3), Targets = new Dictionary<string, TargetFile> { ["a/1"] = File(1), ["b/1"] = File(1), ["c/1"] = File(3) } }, [Ring[7]]);

        var lines = ChangeSummary.Of(RepositoryChange.Of(Signed(old), before, Root(2, 2, Ring[1..4]), targets)).Select(line => $"{line.What} {line.Role} {line.Detail}").ToList();

        Assert.Equal(
            [
                "version root from 1 to 2",
                "expires root from 2026-05-31 12:00:00Z to 2026-05-31 12:00:00Z",
                "threshold root from 1 of 1 to 2 of 3",
                .. Ring[1..4].Select(key => $"key-added root {key.Public.Id}").Order(StringComparer.Ordinal),
                $"key-removed root {Ring[0].Public.Id}",
                "version targets from 1 to 2",
                "expires targets from 2026-05-04 12:00:00Z to 2026-05-31 12:00:00Z",
                "package-removed targets a/1",
                "package-changed targets b/1",
            ],
            lines);
    }

    [Fact]
    public void Every_role_that_is_delegated_to_shows_with_all_that_it_may()
    {
        var bin = new DelegatedRole("bin-0", Keys(1), null, ["0", "1"], IsTerminating: true);
        var other = new DelegatedRole("evil", Keys(2), ["*", "a b", "\"c\""], null, IsTerminating: false);

        Assert.Equal(
            [
                $"delegates bin-0 1 of 1: {Ring[1].Public.Id}, terminating, for hashes 0 1",
                $"delegates bin-1 1 of 1: {Ring[1].Public.Id}, terminating, for hashes 8",
                $"""delegates evil 1 of 1: {Ring[2].Public.Id}, for "*" "a b" "\"c\"" """.TrimEnd(),
            ],
            Delegates(null, [bin, bin with { Name = "bin-1", PathHashPrefixes = ["8"] }, other]));
    }

    /// <summary>A role for everything that is put between hundreds of bins, with their keys.</summary>
    [Fact]
    public void Bins_are_one_line_and_nothing_hides_among_them()
    {
        var (bins, more) = (Bins(16, Keys(1)), Bins(32, Keys(2)));

        Assert.Equal(["delegates bins 16 bins", "threshold bins 1 of 1", $"key-added bins {Ring[1].Public.Id}"], Delegates(null, bins));
        Assert.Equal(
            ["delegates bins from 16 to 32 bins", $"key-added bins {Ring[2].Public.Id}", $"key-removed bins {Ring[1].Public.Id}"], Delegates(bins, more));
        Assert.Contains(
            $"delegates evil 1 of 1: {Ring[1].Public.Id}, terminating, for \"*\"", Delegates(bins, [.. bins[..7], bins[7] with { Name = "evil", Paths = ["*"], PathHashPrefixes = null }, .. bins[8..]]));
        Assert.Contains(
            $"delegates evil 1 of 1: {Ring[1].Public.Id}, terminating, for hashes 7", Delegates(bins, [.. bins[..7], bins[7] with { Name = "evil" }, .. bins[8..]]));
    }

    public static TheoryData<string> Disguises => ["keys", "prefixes", "order", "end", "more"];

    [Theory]
    [MemberData(nameof(Disguises))]
    public void What_is_not_exactly_bins_is_shown_role_by_role(string disguise)
    {
        var bins = Bins(16, Keys(1));
        DelegatedRole[] roles = disguise switch
        {
            "keys" => [.. bins[..7], bins[7] with { Keys = Keys(2) }, .. bins[8..]],
            "prefixes" => [.. bins[..7], bins[7] with { PathHashPrefixes = ["7", "8"] }, .. bins[8..]],
            "order" => [bins[1], bins[0], .. bins[2..]],
            "end" => [.. bins[..7], bins[7] with { IsTerminating = false }, .. bins[8..]],
            _ => [.. bins, bins[7] with { Name = "evil" }],
        };

        Assert.Equal(roles.Select(role => role.Name), Delegates(bins, roles).Select(line => line.Split(' ')[1]));
    }

    [Fact]
    public void Roles_that_nothing_is_delegated_to_any_more_show()
    {
        var (ann, bob) = (new DelegatedRole("ann", Keys(1), ["a/*"], null, false), new DelegatedRole("bob", Keys(2), ["b/*"], null, false));

        Assert.Equal([$"delegates ann 1 of 1: {Ring[1].Public.Id}, for \"a/*\"", "delegation-removed bob "], Delegates([ann, bob], [ann]));
    }

    /// <summary>The id stays, and under it stands what can check nothing: who has that key would be disabled, and nobody saw it.</summary>
    [Fact]
    public void A_keeper_is_not_disabled_under_his_own_id()
    {
        var text = Encoding.UTF8.GetString(RepositoryChange.Of(Signed(Root(1, 2, Ring[..3])), default, Root(2, 2, Ring[..3]), null).ToBytes());
        var (id, half) = (Ring[2].Public.Id, Ring[2].Public.PublicHex!);
        var at = text.LastIndexOf(half, StringComparison.Ordinal);
        Assert.True(at > text.IndexOf("\"next\"", StringComparison.Ordinal));
        var junk = RepositoryChange.Parse(Encoding.UTF8.GetBytes(text.Remove(at, 64).Insert(at, new string('0', 64))), "junk");
        var gone = Changed(Root(1, 2, Ring[..3]), Root(2, 2, Ring[..3], listed: Ring[..2]));

        foreach (var change in new[] { junk, gone })
        {
            var refused = Assert.Throws<ChangeException>(() => change.RequireSound(Now));
            Assert.Equal("PM3028", refused.Code);
            Assert.Contains(id, refused.Message, StringComparison.Ordinal);
        }

        // Where it has happened already, he is told that his signature would not count, and the file stays readable.
        var after = RepositoryChange.Of(
            Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(RoleSigner.Sign(junk.NextRoot, Ring[..2]))), default, Root(3, 2, Ring[..3], listed: Ring[..2]), null);
        Assert.Equal("PM3027", Assert.Throws<ChangeException>(() => after.Sign(Ring[2])).Code);
        Assert.Empty(after.SignWhereKnown(Ring[2]).Root!.KeyIds);

        // And the key itself may follow again.
        RepositoryChange.Of(RoleSigner.Sign(junk.NextRoot, Ring[..2]), default, Root(3, 2, Ring[..3]), null).RequireSound(Now);
    }

    [Fact]
    public void Keys_that_no_role_names_are_refused()
    {
        var root = Changed(Root(1, 1, Ring[..1]), Root(2, 1, Ring[..1], listed: Ring[..3]));
        var targets = RepositoryChange.Of(Signed(Root(1, 1, Ring[..1])), default, null, Delegating(1, [.. Bins(16, Keys(1))], Ring[1..3]));

        Assert.Equal("PM3028", Assert.Throws<ChangeException>(() => root.RequireSound(Now)).Code);
        Assert.Equal("PM3028", Assert.Throws<ChangeException>(() => targets.RequireSound(Now)).Code);
    }

    [Fact]
    public void A_key_of_the_bins_is_what_its_id_says()
    {
        var strange = TufKey.Parse(Ring[1].Public.Id, Ring[2].Public.Source, new JsonFields(Ring[2].Public.Source, "key"));
        var known = new Dictionary<string, TufKey> { [strange.Id] = strange, [Ring[2].Public.Id] = Ring[2].Public };
        var both = new RoleKeys(known.Keys, 1);
        var targets = new TargetsMetadata
        {
            Version = 1,
            Expires = Now.AddDays(1),
            Targets = new Dictionary<string, TargetFile>(),
            Delegations = new Delegations(known, [.. Bins(16, both)]),
        };
        var few = new TargetsMetadata
        {
            Version = 1,
            Expires = Now.AddDays(1),
            Targets = new Dictionary<string, TargetFile>(),
            Delegations = new Delegations(known, []) { Succinct = new SuccinctRoles(both, 4, "few") },
        };

        foreach (var next in new[] { targets, few })
        {
            Assert.Equal("PM3028", Assert.Throws<ChangeException>(() => RepositoryChange.Of(Signed(Root(1, 1, Ring[..1])), default, null, next).RequireSound(Now)).Code);
        }
    }

    [Fact]
    public void A_signature_that_would_not_count_is_not_made()
    {
        var change = Changed(Root(1, 1, Ring[..1]), Root(2, 1, Ring[..1]));

        Assert.Equal("PM3027", Assert.Throws<ChangeException>(() => change.Sign(new Stranger(Ring[0].Public, Ring[1]))).Code);
    }

    /// <summary>So that there need be no instant at which only one of two roots fits.</summary>
    [Fact]
    public void The_old_keys_of_the_targets_have_a_say_too()
    {
        var change = RepositoryChange.Of(Signed(Root(1, 1, Ring[..1])), default, Root(2, 1, Ring[..1], targets: Ring[1..2]), Targets(1));

        Assert.True(change.Asks(Ring[7].Public.Id));
        Assert.Equal([Ring[7].Public.Id], RepositoryChange.Parse(change.Sign(Ring[7]).ToBytes(), "copy").Targets!.KeyIds);
        Assert.False(Changed(Root(1, 1, Ring[..1]), Root(2, 1, Ring[..1])).Asks(Ring[7].Public.Id));
    }

    [Fact]
    public void A_key_file_of_either_half_is_read()
    {
        var (secret, open) = (KeyFile.ParseAny(KeyFile.ToBytes([Ring[0]]), "a"), KeyFile.ParseAny(KeyFile.ToPublicBytes(Ring[0].Public), "b"));

        Assert.Equal([Ring[0].Public.Id, Ring[0].Public.Id], secret.Concat(open).Select(key => key.Key.Id));
        Assert.Equal([true, false], secret.Concat(open).Select(key => key.Secret is not null));
        Assert.Throws<MetadataException>(() => KeyFile.ParseAny("""{"keytype":"x","scheme":"x","keyval":{"public":"00"}}"""u8, "c"));
    }

    static bool IsTakenByClient(RootMetadata old, RepositoryChange change)
    {
        var set = TrustedMetadataSet.Start(Signed(old), Now, "test");
        try
        {
            set.UpdateRoot(change.Root!.ToBytes());
            return true;
        }
        catch (SignatureException)
        {
            return false;
        }
    }

    static string Refused(string text) => Assert.ThrowsAny<TrustException>(() => RepositoryChange.Parse(Encoding.UTF8.GetBytes(text), "change")).Code;

    static byte[] Signed(RootMetadata root) => RoleSigner.Sign(root, Ring.Where(key => root.Roles["root"].KeyIds.Contains(key.Public.Id)));

    static RootMetadata RandomRoot(Random random, long version)
    {
        SecretKey[] Some() => [.. Ring.Where(_ => random.Next(2) == 0).DefaultIfEmpty(Ring[random.Next(Ring.Length)])];
        var (keys, others) = (Some(), Some());
        return Root(version, random.Next(1, keys.Length + 1), keys, Now.AddDays(30), others, random.Next(1, others.Length + 1));
    }

    static RootMetadata Root(
        long version, int threshold, SecretKey[] keys, DateTimeOffset? expires = null, SecretKey[]? targets = null, int ofTargets = 1, SecretKey[]? listed = null) => new()
        {
            Version = version,
            Expires = expires ?? Now.AddDays(30),
            Keys = (listed ?? keys).Concat(targets ?? []).Append(Ring[7]).Distinct().ToDictionary(key => key.Public.Id, key => key.Public),
            Roles = new Dictionary<string, RoleKeys>
            {
                ["root"] = new(keys.Select(key => key.Public.Id), threshold),
                ["targets"] = new((targets ?? [Ring[7]]).Select(key => key.Public.Id), ofTargets),
                ["snapshot"] = new([Ring[7].Public.Id], 1),
                ["timestamp"] = new([Ring[7].Public.Id], 1),
            },
        };

    static TargetsMetadata Targets(long version) =>
        new() { Version = version, Expires = Now.AddDays(30), Targets = new Dictionary<string, TargetFile>() };

    static RepositoryChange Changed(RootMetadata old, RootMetadata next) => RepositoryChange.Of(Signed(old), default, next, null);

    static RoleKeys Keys(int ring) => new([Ring[ring].Public.Id], 1);

    static DelegatedRole[] Bins(int count, RoleKeys keys) =>
        [.. Enumerable.Range(0, count).Select(bin => new DelegatedRole(BinRoles.NameOf(bin), keys, null, BinRoles.PrefixesOf(bin, count), IsTerminating: true))];

    static TargetsMetadata Delegating(long version, DelegatedRole[] roles, SecretKey[]? listed = null) => new()
    {
        Version = version,
        Expires = Now.AddDays(1),
        Targets = new Dictionary<string, TargetFile>(),
        Delegations = new Delegations(
            (listed ?? [.. Ring.Where(key => roles.Any(role => role.Keys.KeyIds.Contains(key.Public.Id)))]).ToDictionary(key => key.Public.Id, key => key.Public), [.. roles]),
    };

    /// <summary>What a change of the delegations shows, without version and expiry; it is a sound one.</summary>
    static IEnumerable<string> Delegates(DelegatedRole[]? before, DelegatedRole[] after)
    {
        var current = before is null ? default : RoleSigner.Sign(Delegating(1, before), [Ring[7]]);
        var change = RepositoryChange.Of(Signed(Root(1, 1, Ring[..1])), current, null, Delegating(before is null ? 1 : 2, after)).RequireSound(Now);
        return ChangeSummary.Of(change).Skip(2).Select(line => $"{line.What} {line.Role} {line.Detail}");
    }

    static TargetFile File(byte content) => new(1, FileHashes.OfSha512([content]));

    /// <summary>Shows one key and signs with another.</summary>
    sealed class Stranger(TufKey shown, SecretKey secret) : ISigner
    {
        public TufKey Public => shown;

        public byte[] Sign(ReadOnlySpan<byte> message) => secret.Sign(message);
    }
}
