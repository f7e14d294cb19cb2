using System.Text;
using System.Text.Json;
using Pm.Fuzzing.Gear;
using Pm.Simulation.Repositories;
using Pm.Trust.Tuf;
using Pm.Trust.Tuf.Changes;

namespace Pm.Fuzzing.Targets;

/// <summary>Metadata of repositories: as it comes, and as somebody who holds a key would sign it.</summary>
static class TufTargets
{
    const int Limit = 1 << 20;

    static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    static readonly Type[] Refusals =
    [
        typeof(MetadataException), typeof(SignatureException), typeof(RollbackException), typeof(ExpiredException), typeof(MismatchException), typeof(ChangeException),
    ];

    static readonly byte[][] Members =
    [
        .. Words.Json, .. Words.Of(
            "\"signed\":", "\"signatures\":[", "\"keyid\":", "\"sig\":", "\"_type\":", "\"version\":", "\"expires\":", "\"meta\":", "\"hashes\":{", "\"sha256\":", "\"sha512\":", "\"length\":",
            "\"keys\":{", "\"roles\":{", "\"threshold\":", "\"keyids\":[", "\"custom\":{", "\"delegations\":{", "\"paths\":[", "\"path_hash_prefixes\":[", "\"terminating\":",
            "\"succinct_roles\":{", "\"bit_length\":", "\"name_prefix\":", "-----BEGIN PUBLIC KEY-----\\n", "ecdsa-sha2-nistp256", "\"consistent_snapshot\":", "snapshot.json", "targets.json", "\"root\"", "\"current\":{", "\"next\":{", "\"format\":", "2030-01-31T23:59:59Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.9999999Z", "ed25519"),
    ];

    static readonly RepositorySimulator Repository = Simulate();

    public static IEnumerable<FuzzTarget> All { get; } =
    [
        Of("tuf/json", b => CanonicalJson.Encode(StrictJson.Parse(b, Limit, "x")), """{"a":[1,-2,true,null,"é\n\""],"":{"b":{}}}""", "[]"),
        Of("tuf/canonical", ReadCanonical, """{"b":[1,{"z":0,"a":"\\"}],"\ud83d\ude42":1,"é":2}"""),
        Of("tuf/root", b => Again(RootMetadata.Parse(Body(b)), RootMetadata.Parse), File("root.json")),
        Of("tuf/timestamp", b => Again(TimestampMetadata.Parse(Body(b)), TimestampMetadata.Parse), File("timestamp.json")),
        Of("tuf/snapshot", b => Again(SnapshotMetadata.Parse(Body(b)), SnapshotMetadata.Parse), File("snapshot.json")),
        Of("tuf/targets", b => Again(TargetsMetadata.Parse(Body(b)), TargetsMetadata.Parse), File("targets.json"), Delegating(), Succinct()),
        Of("tuf/start", b => TrustedMetadataSet.Start(b, Now, "testing"), File("root.json")),
        Of("tuf/sign-root", After(Started, (set, b) => set.UpdateRoot(Sign(b, "root"))), Signed("2.root.json")),
        Of("tuf/sign-timestamp", After(Current, (set, b) => set.UpdateTimestamp(Sign(b, "timestamp"))), Signed("timestamp.json")),
        Of("tuf/sign-snapshot", After(WithTimestamp, (set, b) => set.UpdateSnapshot(Sign(b, "snapshot"))), Signed("snapshot.json")),
        Of("tuf/sign-targets", After(WithSnapshot, (set, b) => set.UpdateTargets(Sign(b, "targets"))), Signed("targets.json")),
        Of("tuf/kept", ReadKept, File("timestamp.json"), File("snapshot.json"), File("targets.json")),
        Of("tuf/search", Search, Delegating(), Succinct()),
        Of("tuf/key", b => ReadKey(StrictJson.Parse(b, Limit, "x")), Key("ecdsa", "ecdsa-sha2-nistp256"), Key("rsa", "rsassa-pss-sha256"), Key("ed25519", "ed25519")),
        Of("tuf/key-file", b => Assert.Equal(KeyFile.ToBytes(KeyFile.Parse(b, "x")), KeyFile.ToBytes(KeyFile.Parse(KeyFile.ToBytes(KeyFile.Parse(b, "x")), "y"))),
            Encoding.UTF8.GetString(KeyFile.ToBytes(Repository.Keys["root"].OfType<SecretKey>())), Encoding.UTF8.GetString(KeyFile.ToBytes([]))),
        Of("tuf/any-key-file", b => KeyFile.ParseAny(b, "x"), Encoding.UTF8.GetString(KeyFile.ToPublicBytes(Secret.Public)), Encoding.UTF8.GetString(KeyFile.ToBytes([Secret]))),
        Of("tuf/change", b => ReadChange(b), Change(), Change(new DelegatedRole("a", new([Secret.Public.Id], 1), ["*"], null, false)), Change(new DelegatedRole("bin-0", new([Secret.Public.Id], 1), null, ["0"], true))),
        new("tuf/fingerprint", b => RootFingerprint.TryParse(Reading.Text(b), out _))
        {
            Seeds = Reading.Seeds(RootFingerprint.Of(Repository.Files["root.json"]).ToString(), "aa:bb"),
            Words = [.. Words.Hex, .. Words.Of(":")],
            MaximumLength = 1024,
        },
    ];

    static SecretKey Secret => Repository.Keys["root"].OfType<SecretKey>().First();

    /// <summary>What is read is shown, may be signed, and is the same when it is read again.</summary>
    static void ReadChange(byte[] bytes)
    {
        var change = RepositoryChange.Parse(bytes, "x");
        _ = ChangeSummary.Of(change);
        var signed = change.SignWhereKnown(Secret);
        Assert.Equal(signed.ToBytes(), RepositoryChange.Parse(signed.ToBytes(), "y").ToBytes());
        try
        {
            signed.RequireSound(Now);
        }
        catch (ChangeException)
        {
        }
    }

    static string Change(params DelegatedRole[] roles)
    {
        var root = RootMetadata.Parse(SignedDocument.Parse(Repository.Files["root.json"], "x", Limit).Body);
        var next = new RootMetadata { Version = root.Version + 1, Expires = root.Expires, Keys = root.Keys, Roles = root.Roles };
        var targets = new TargetsMetadata
        {
            Version = 9,
            Expires = root.Expires,
            Targets = new Dictionary<string, TargetFile>(),
            Delegations = roles.Length == 0 ? null : new Delegations(new Dictionary<string, TufKey> { [Secret.Public.Id] = Secret.Public }, [.. roles]),
        };
        return Encoding.UTF8.GetString(RepositoryChange.Of(Repository.Files["root.json"], Repository.Files["targets.json"], next, targets).ToBytes());
    }

    static FuzzTarget Of(string name, Action<byte[]> read, params string[] seeds) => new(name, read)
    {
        Seeds = Reading.Seeds(seeds),
        Allowed = Refusals,
        Words = Members,
    };

    // Without hashes in timestamp and snapshot, so that a file with another content, well signed, is looked at.
    static RepositorySimulator Simulate()
    {
        var repository = new RepositorySimulator(Now) { ListsHashes = false };
        repository.AddTarget("foo/1.0.0", "content"u8.ToArray(), """{"merkle":"x","deps":["a"]}""");
        repository.PublishRoot();
        repository.Publish();
        return repository;
    }

    static string File(string name) => Encoding.UTF8.GetString(Repository.Files[name]);

    static string Signed(string name) => JsonElement.Parse(File(name)).GetProperty("signed").GetRawText();

    static string Delegating() => File("targets.json").Replace(
        "\"targets\":", """
        "delegations":{"keys":{},"roles":[{"name":"a","keyids":[],"threshold":1,"terminating":false,"paths":["x/*"]},{"name":"b","keyids":["00"],"threshold":1,"terminating":true,"path_hash_prefixes":["0a"]}]},"targets":
        """);

    static string Succinct() => File("targets.json").Replace(
        "\"targets\":", """
        "delegations":{"keys":{},"succinct_roles":{"keyids":["00"],"threshold":1,"bit_length":7,"name_prefix":"bin"}},"targets":
        """);

    /// <summary>Whoever is asked for a path.</summary>
    static void Search(byte[] bytes)
    {
        var said = TargetsMetadata.Parse(Body(bytes));
        foreach (var role in said.Delegations?.RolesFor("x/1") ?? [])
        {
            Assert.True(role.FileStem.Length <= 256);
        }
    }

    static string Key(string type, string scheme) =>
        $$"""{"keytype":"{{type}}","scheme":"{{scheme}}","keyval":{"public":"-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEohqIdE+yTl4OxpX8ZxNUPrg3SL9H\nBDnhZuceKkxy2oMhUOxhWweZeG3bfM1T4ZLnJimC6CAYVU5+F5jZCoftRw==\n-----END PUBLIC KEY-----\n"} }""";

    /// <summary>Under the id that is its own, so that its text is read too.</summary>
    static void ReadKey(JsonElement element)
    {
        var fields = new JsonFields(element, "x");
        var key = TufKey.Of(fields.Text("keytype"), fields.Text("scheme"), fields.Child("keyval").Text("public"));
        Assert.False(key.Verifies("x"u8, new byte[64]));
    }

    static JsonFields Body(byte[] bytes) => SignedDocument.Parse(bytes, "x.json", Limit).Body;

    /// <summary>What was read can be written, and says the same.</summary>
    static void Again<T>(T content, Func<JsonFields, T> parse) where T : RoleMetadata
    {
        var written = RoleSigner.Sign(content, []);
        var again = parse(Body(written));
        Assert.Equal(content.Version, again.Version);
        Assert.Equal(written, RoleSigner.Sign(again, []));
    }

    static void ReadCanonical(byte[] bytes)
    {
        var canonical = CanonicalJson.Encode(StrictJson.Parse(bytes, Limit, "x"));
        // Control characters stand as they are in it, so that it is JSON only without them.
        if (!canonical.Any(b => b < ' '))
        {
            Assert.Equal(canonical, CanonicalJson.Encode(StrictJson.Parse(canonical, Limit, "canonical")));
        }
    }

    static byte[] Sign(byte[] body, string role)
    {
        var canonical = CanonicalJson.Encode(StrictJson.Parse(body, Limit, "x"));
        var keys = Repository.Keys[role].Select(key =>
            $$"""{"keyid":"{{key.Public.Id}}","sig":"{{Convert.ToHexStringLower(key.Sign(canonical))}}"}""");
        return [.. "{\"signed\":"u8, .. body, .. Encoding.ASCII.GetBytes($",\"signatures\":[{string.Join(',', keys)}]}}")];
    }

    /// <summary>What was refused leaves what is believed as it was, so that it serves for the next input too.</summary>
    static Action<byte[]> After(Func<TrustedMetadataSet> make, Action<TrustedMetadataSet, byte[]> update)
    {
        var kept = new ThreadLocal<TrustedMetadataSet?>();
        return bytes =>
        {
            var set = kept.Value ??= make();
            update(set, bytes);
            kept.Value = null;
        };
    }

    static TrustedMetadataSet Started() => TrustedMetadataSet.Start(Repository.Files["1.root.json"], Now, "testing");

    static TrustedMetadataSet Current()
    {
        var set = Started();
        set.UpdateRoot(Repository.Files["2.root.json"]);
        set.RequireCurrentRoot();
        return set;
    }

    static TrustedMetadataSet WithTimestamp()
    {
        var set = Current();
        set.UpdateTimestamp(Repository.Files["timestamp.json"]);
        return set;
    }

    static TrustedMetadataSet WithSnapshot()
    {
        var set = WithTimestamp();
        set.UpdateSnapshot(Repository.Files["snapshot.json"]);
        return set;
    }

    /// <summary>Files that a client kept and that were damaged since are as good as none.</summary>
    static void ReadKept(byte[] bytes)
    {
        var set = Current();
        set.LoadTimestamp(bytes);
        set.UpdateTimestamp(Repository.Files["timestamp.json"]);
        if (!set.LoadSnapshot(bytes))
        {
            set.UpdateSnapshot(Repository.Files["snapshot.json"]);
        }

        if (!set.LoadTargets(bytes))
        {
            set.UpdateTargets(Repository.Files["targets.json"]);
        }
    }
}
