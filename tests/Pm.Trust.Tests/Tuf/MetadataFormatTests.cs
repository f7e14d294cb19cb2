using System.Text;
using Pm.Simulation.Repositories;
using Pm.Trust.Tuf;
using Xunit;

namespace Pm.Trust.Tests.Tuf;

public sealed class MetadataFormatTests
{
    static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_same_content_and_keys_give_the_same_bytes() =>
        Assert.Equal(new RepositorySimulator(Now).Files["targets.json"], new RepositorySimulator(Now).Files["targets.json"]);

    [Fact]
    public void Every_role_that_is_written_reads_back_the_same()
    {
        var repository = new RepositorySimulator(Now);
        repository.AddTarget("foo/1.0", [1, 2], """{"merkle":"00","deps":["é","\n"]}""");
        repository.Publish();

        foreach (var (file, bytes) in repository.Files)
        {
            var body = SignedDocument.Parse(bytes, file, 1 << 20).Body;
            RoleMetadata content = body.Text("_type") switch
            {
                "root" => RootMetadata.Parse(body),
                "timestamp" => TimestampMetadata.Parse(body),
                "snapshot" => SnapshotMetadata.Parse(body),
                _ => TargetsMetadata.Parse(body),
            };
            Assert.Equal(bytes, RoleSigner.Sign(content, repository.Keys[content.Type]));
        }
    }

    [Fact]
    public void Delegations_are_kept_in_their_order()
    {
        var key = SecretKey.Create();
        var metadata = new TargetsMetadata
        {
            Version = 1,
            Expires = Now,
            Targets = new Dictionary<string, TargetFile>(),
            Delegations = new Delegations(
                new Dictionary<string, TufKey> { [key.Public.Id] = key.Public },
                [
                    new DelegatedRole("zeta/../x", new RoleKeys([key.Public.Id], 1), ["a/*"], null, true),
                    new DelegatedRole("bin-0", new RoleKeys([key.Public.Id], 1), null, ["0", "1"], false),
                ]),
        };

        var read = TargetsMetadata.Parse(SignedDocument.Parse(RoleSigner.Sign(metadata, [key]), "targets.json", 1 << 20).Body);

        Assert.Equal(["zeta/../x", "bin-0"], read.Delegations!.Roles.Select(role => role.Name));
        Assert.True(read.Delegations.Roles[0].IsTerminating);
        Assert.Equal(["0", "1"], read.Delegations.Roles[1].PathHashPrefixes!.Value);
    }

    [Theory]
    [InlineData("\"_type\":\"root\"", "\"_type\":\"Root\"", "expected `root`")]
    [InlineData("\"spec_version\":\"1.0.0\"", "\"spec_version\":\"2.0\"", "major version 1")]
    [InlineData("\"version\":1", "\"version\":0", "whole number from 1 on")]
    [InlineData("\"version\":1,", "", "member `version` is missing")]
    [InlineData("T12:00:00Z", "T12:00:00+00:00", "expected a time like")]
    [InlineData("T12:00:00Z", "", "expected a time like")]
    [InlineData("\"threshold\":1", "\"threshold\":0", "whole number from 1 on")]
    [InlineData("\"threshold\":1", "\"threshold\":9007199254740991", "keys cannot exist")]
    [InlineData("\"snapshot\":{", "\"mirrors\":{", "role `snapshot` is missing")]
    [InlineData("\"consistent_snapshot\":true", "\"consistent_snapshot\":1", "true or false")]
    [InlineData("\"roles\":{", "\"roles\":[],\"x\":{", "expected an object, got an array")]
    public void A_wrong_field_is_named(string old, string with, string reason)
    {
        var bytes = TrustedMetadataSetTests.Replace(new RepositorySimulator(Now).Files["root.json"], old, with);

        var refused = Assert.Throws<MetadataException>(() => TrustedMetadataSet.Start(bytes, Now, "testing"));

        Assert.StartsWith("root.json", refused.Message, StringComparison.Ordinal);
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"sha256":"00"}""", false)]
    [InlineData("""{"md5":"00"}""", false)]
    [InlineData("{}", false)]
    [InlineData("""{"sha256":7}""", false)]
    [InlineData("""{"blake3":"whatever","sha256":"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"}""", true)]
    [InlineData("""{"sha256":"6E340B9CFFB37A989CA544E6BB780A2C78901D3FB33738768511A30617AFA01D"}""", true)]
    public void A_file_needs_one_digest_that_is_known(string json, bool isAccepted)
    {
        var element = StrictJson.Parse(Encoding.UTF8.GetBytes(json), 1000, "x");

        if (!isAccepted)
        {
            Assert.Throws<MetadataException>(() => FileHashes.Parse(new JsonFields(element, "x")));
            return;
        }

        Assert.True(FileHashes.Parse(new JsonFields(element, "x")).Match([0], out _));
        Assert.False(FileHashes.Parse(new JsonFields(element, "x")).Match([1], out _));
    }

    [Fact]
    public void Both_digests_are_checked_where_both_are_listed()
    {
        var right = FileHashes.Of([0]);
        var element = StrictJson.Parse(
            Encoding.UTF8.GetBytes($$"""{"sha256":"{{right.Sha256}}","sha512":"{{new string('0', 128)}}"}"""), 1000, "x");

        Assert.False(FileHashes.Parse(new JsonFields(element, "x")).Match([0], out var difference));
        Assert.StartsWith("expected sha512 000", difference, StringComparison.Ordinal);
    }

    [Fact]
    public void The_file_of_a_target_is_named_by_its_hash()
    {
        var target = new TargetFile(1, FileHashes.Of([0]));

        Assert.Equal($"owner--foo/{target.Hashes.Sha256}.1.0", target.ConsistentPath("owner--foo/1.0"));
        Assert.Equal($"{target.Hashes.Sha256}.foo", target.ConsistentPath("foo"));
    }

    [Fact]
    public void Any_mutation_of_metadata_is_refused_by_a_trust_exception_and_never_believed()
    {
        var repository = new RepositorySimulator(Now) { ListsHashes = false };
        repository.AddTarget("foo/1.0", [1, 2], """{"deps":["bar"]}""");
        repository.PublishRoot();
        repository.Publish();
        string[] files = ["2.root.json", "timestamp.json", "2.snapshot.json", "2.targets.json"];
        for (var round = 0; round < 4_000; round++)
        {
            var random = new Random(round);
            var file = files[random.Next(files.Length)];
            var original = repository.Files[file];
            repository.Files[file] = Mutate(original, random);

            var exception = Record.Exception(() => new SimulatedClient(repository, Now).Refresh());

            if (exception is null)
            {
                AssertSameContent(original, repository.Files[file]);
            }
            else
            {
                Assert.IsAssignableFrom<TrustException>(exception);
            }

            repository.Files[file] = original;
        }
    }

    static byte[] Mutate(byte[] bytes, Random random)
    {
        var list = bytes.ToList();
        for (var change = random.Next(1, 4); change > 0; change--)
        {
            var at = random.Next(list.Count - 1);
            switch (random.Next(4))
            {
                case 0:
                    list[at] = (byte)random.Next(256);
                    break;
                case 1:
                    list.RemoveRange(at, Math.Min(random.Next(1, 20), list.Count - at - 1));
                    break;
                case 2:
                    list.InsertRange(at, list.GetRange(at, Math.Min(random.Next(1, 20), list.Count - at)));
                    break;
                default:
                    list[at] = (byte)"{}[],:\"\\0-9e.\n"[random.Next(14)];
                    break;
            }
        }

        return [.. list];
    }

    /// <summary>A change outside of what is signed (blanks, unknown members, the name of the envelope) may pass.</summary>
    static void AssertSameContent(byte[] original, byte[] mutated)
    {
        static byte[] Canonical(byte[] file) => CanonicalJson.Encode(
            new JsonFields(StrictJson.Parse(file, 1 << 20, "x"), "x").Required("signed"));

        Assert.Equal(Canonical(original), Canonical(mutated));
    }
}
