using System.Text;
using Pm.Simulation.Repositories;
using Pm.Trust.OpenPgp;
using Pm.Trust.Tuf;

namespace Pm.Trust.Tests;

/// <summary>Every parser of Pm.Trust with a valid input: what fuzzing starts from. Only a <see cref="TrustException"/> may come out.</summary>
public static class TrustParsers
{
    static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    public static IReadOnlyDictionary<string, (byte[] Seed, Action<byte[]> Read)> All { get; } = Make();

    static Dictionary<string, (byte[] Seed, Action<byte[]> Read)> Make()
    {
        var repository = new RepositorySimulator(Now);
        repository.AddTarget("foo/1.0", [1, 2], """{"deps":["bar\n\u00e9"],"nested":[{"a":[1,-2,true,null]}]}""");
        repository.Publish();
        return new Dictionary<string, (byte[] Seed, Action<byte[]> Read)>
        {
            ["tuf-root"] = (repository.Files["root.json"], input => TrustedMetadataSet.Start(input, Now, "fuzz")),
            ["tuf-root-parse"] = (repository.Files["root.json"], input => RootMetadata.Parse(Body(input))),
            ["tuf-timestamp"] = (repository.Files["timestamp.json"], input => TimestampMetadata.Parse(Body(input))),
            ["tuf-snapshot"] = (repository.Files["snapshot.json"], input => SnapshotMetadata.Parse(Body(input))),
            ["tuf-targets"] = (repository.Files["targets.json"], input => TargetsMetadata.Parse(Body(input))),
            ["tuf-delegations"] = (Delegations(), input => TargetsMetadata.Parse(Body(input))),
            ["tuf-succinct"] = (SuccinctDelegations(), input => TargetsMetadata.Parse(Body(input)).Delegations?.RolesFor("foo/1.0").Count()),
            ["tuf-ecdsa-key"] = (EcdsaRoot(), input => RootMetadata.Parse(Body(input))),
            ["tuf-keys"] = (KeyFile.ToBytes([repository.NewKey()]), input => KeyFile.Parse(input, "fuzz")),
            ["gpg-status"] = (
                Encoding.UTF8.GetBytes("[GNUPG:] NEWSIG\n[GNUPG:] GOODSIG E3FDA54B8AE52F7C Alice %41\n[GNUPG:] VALIDSIG "
                    + "FF324CE8E0FD31D8936917F9E3FDA54B8AE52F7C 2026-11-20 1795195328 0 4 0 22 8 00 FF324CE8E0FD31D8936917F9E3FDA54B8AE52F7C\n"),
                input => SignerPolicy.Decide(GpgStatus.Parse(Encoding.UTF8.GetString(input)), new Dictionary<Fingerprint, KnownKey>())),
            ["fingerprint"] = (
                "FF32 4CE8 E0FD 31D8 9369  17F9 E3FD A54B 8AE5 2F7C"u8.ToArray(),
                input => _ = Fingerprint.TryParse(Encoding.UTF8.GetString(input), out _)),
        };
    }

    static byte[] SuccinctDelegations()
    {
        var repository = new RepositorySimulator(Now) { Succinct = new SuccinctRoles(new RoleKeys([], 1), 7, "bin") };
        repository.PublishTargets();
        return repository.Files["targets.json"];
    }

    /// <summary>With a key in each form that such keys have.</summary>
    static byte[] EcdsaRoot()
    {
        using var key = new EcdsaSigner("ecdsa-sha2-nistp256", isHex: true);
        using var pem = new EcdsaSigner();
        var repository = new RepositorySimulator(Now);
        repository.Keys["root"] = [key, pem];
        return repository.PublishRoot();
    }

    static JsonFields Body(byte[] input) => SignedDocument.Parse(input, "fuzz.json", MetadataLimits.Root).Body;

    static byte[] Delegations()
    {
        var key = new SecretKey(new byte[32]);
        return RoleSigner.Sign(
            new TargetsMetadata
            {
                Version = 1,
                Expires = Now,
                Targets = new Dictionary<string, TargetFile>(),
                Delegations = new Delegations(
                    new Dictionary<string, TufKey> { [key.Public.Id] = key.Public },
                    [
                        new DelegatedRole("a", new RoleKeys([key.Public.Id], 1), ["a/*"], null, true),
                        new DelegatedRole("b", new RoleKeys([key.Public.Id], 1), null, ["0", "1"], false),
                    ]),
            },
            [key]);
    }
}
