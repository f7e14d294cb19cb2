using System.Security.Cryptography;
using System.Text;
using Pm.Blobs;
using Pm.Linux;
using Pm.Packages;
using Pm.Packages.Index;
using Pm.Packages.Pkg;
using Pm.Trust;
using Pm.Trust.OpenPgp;
using Pm.Trust.Tuf;
using Xunit;

namespace Pm.Repositories.Tests;

public sealed class PublishTests : IDisposable
{
    readonly RepositoryFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void A_published_package_lies_where_the_layout_says()
    {
        var package = new SamplePackage("acme/foo@1.0", "one");

        _fixture.Publish(package);

        var meta = package.Package.MetaFar.ToArray();
        var hash = package.Package.Hash;
        var sha512 = Convert.ToHexStringLower(SHA512.HashData(meta));
        Assert.Equal(meta, Read($"targets/acme--foo/{sha512}.1.0"));
        Assert.Equal(meta, Read($"blobs/{hash}"));
        foreach (var root in package.Blobs.Roots)
        {
            Assert.Equal(package.Blobs[root].ToArray(), Read($"blobs/{root}"));
        }

        var manifest = Read($"signatures/{hash}/manifest.sha256");
        Assert.Equal(SamplePackage.Sign(manifest), Read($"signatures/{hash}/manifest.sha256.asc"));
        Assert.Equal(package.ToPkg(), Read("acme--foo-1.0.pkg"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead,
            File.GetUnixFileMode(Path.Join(_fixture.Served, "blobs", hash.ToString())));
        Assert.Empty(_fixture.Findings());
    }

    [Fact]
    public void The_index_says_what_a_client_needs_before_it_fetches()
    {
        var package = new SamplePackage("foo@1.0", "one",
            "title: Foo\nnamespace: /linux/amd64\ndeps: [bar, baz@0.9.2]\nprovides: [cmd]\n");
        _fixture.Publish(package);

        var available = Assert.Single(AvailableDocument.Parse(Read("available.json")).Packages);

        Assert.Equal(package.Package.Hash, available.Hash);
        Assert.Equal(["bar", "baz@0.9.2"], available.Dependencies.Select(dependency => dependency.ToString()));
        Assert.Equal(["cmd", "run"], available.Provides);
        Assert.Equal("sample foo", available.Description);
        Assert.Equal(package.ToPkg().Length, available.DownloadSize);
        Assert.Equal(20_000 + "one".Length + "#!/bin/sh\necho one\n".Length, available.SizeInBytes);
        Assert.Equal(SamplePackage.Signer.ToString(), available.Signer);
    }

    [Fact]
    public void It_says_when_a_version_was_published_and_keeps_that()
    {
        _fixture.Publish(new SamplePackage("foo@1.0", "one"));
        _fixture.Clock.Now += TimeSpan.FromDays(3);
        _fixture.Publish(new("foo@1.0", "one"), new("foo@1.1", "two"));
        _fixture.Repository.Yank(RepositoryFixture.Id("foo@1.0"), "bad", _fixture.Access);

        Assert.Equal(
            [RepositoryFixture.Start, RepositoryFixture.Start.AddDays(3)],
            _fixture.Repository.List().OrderBy(t => t.TargetPath, StringComparer.Ordinal).Select(t => t.Package.Published));
    }

    [Theory]
    [InlineData(DirectoryRepository.UsualBinsAbove)]
    [InlineData(0)]
    public void A_version_that_installs_the_same_says_which_was_first(int binsAbove)
    {
        using var fixture = new RepositoryFixture(binsAbove: binsAbove);
        fixture.Publish(new("foo@1.0", "one"), new("foo@1.1", "two"), new("bar@1.0", "two"));
        fixture.Publish(new("foo@2.0", "two"), new("foo@2.1", "two", "deps: [bar]\n"), new("foo@2.2", "owt"), new("bar@1.1", "one"));
        fixture.Publish(new SamplePackage("foo@3.0", "two"));

        Assert.Equal(
            ["bar@1.0", "bar@1.1", "foo@1.0", "foo@1.1", "foo@2.0 = 1.1", "foo@2.1", "foo@2.2", "foo@3.0 = 1.1"],
            fixture.Repository.List().Select(t => t.Package.SameAs is { } same ? $"{t.Package.Id} = {same}" : $"{t.Package.Id}").Order(StringComparer.Ordinal));
        Assert.Empty(fixture.Findings());
    }

    [Fact]
    public void The_list_of_blobs_is_a_blob_itself_and_names_every_file()
    {
        var package = new SamplePackage("foo@1.0", "one");
        _fixture.Publish(package);

        var (root, size) = _fixture.Repository.List()[0].BlobList!.Value;
        var bytes = Read($"blobs/{root}");
        var list = BlobsDocument.Parse(bytes);

        Assert.Equal(size, bytes.Length);
        Assert.Equal(root, MerkleRoot.Of(bytes));
        Assert.Equal(["meta/", "bin/run", "share/common", "share/own"], list.Blobs.Select(blob => blob.Path));
        Assert.All(list.Blobs, blob => Assert.Equal(blob.Size, package.Blobs[blob.Root].Length));
    }

    [Fact]
    public void Several_packages_are_one_new_state()
    {
        _fixture.Publish(new("foo@1.0", "one"), new("foo@1.1", "two"), new("bar@0.1", "three"));

        Assert.Equal(["bar@0.1", "foo@1.0", "foo@1.1"], _fixture.Listed());
        Assert.Equal(2, Timestamp().Version);
        Assert.Empty(_fixture.Findings());
    }

    [Fact]
    public void The_same_package_again_changes_nothing()
    {
        var package = new SamplePackage("foo@1.0", "one");
        _fixture.Publish(package);
        var before = TemporaryDirectory.Snapshot(_fixture.Path);

        var again = _fixture.Repository.Publish(
            [package.Save(_fixture.Outside, compression: Codecs.Compression.Gzip)], RepositoryFixture.Options, _fixture.Access);

        Assert.False(Assert.Single(again).IsNew);
        Assert.Equal(before, TemporaryDirectory.Snapshot(_fixture.Path));
    }

    [Fact]
    public void A_version_never_becomes_another_content()
    {
        _fixture.Publish(new SamplePackage("foo@1.0", "one"));

        var refused = Assert.Throws<RepositoryException>(() => _fixture.Publish(new("bar@1.0", "x"), new("foo@1.0", "two")));

        Assert.Equal("PM5003", refused.Code);
        Assert.Equal(["foo@1.0"], _fixture.Listed());
        Assert.Empty(_fixture.Findings());
        Assert.Equal(["lock"], Directory.EnumerateFiles(Path.Join(_fixture.Path, "staged")).Select(Path.GetFileName));
    }

    [Fact]
    public void Two_packages_whose_pkg_would_have_one_name_are_refused()
    {
        _fixture.Publish(new SamplePackage("a@1-2", "one"));

        Assert.Equal("PM5007", Assert.Throws<RepositoryException>(() => _fixture.Publish(new SamplePackage("a-1@2", "two"))).Code);
    }

    [Fact]
    public void An_unsigned_package_is_refused_unless_it_is_allowed()
    {
        var path = new SamplePackage("foo@1.0", "one").Save(_fixture.Outside, isSigned: false);

        var refused = Assert.Throws<TrustException>(() => _fixture.Repository.Publish([path], RepositoryFixture.Options, _fixture.Access));
        var item = _fixture.Repository.Publish([path], RepositoryFixture.Options with { AllowsUnsigned = true }, _fixture.Access);

        Assert.Equal("PM3001", refused.Code);
        Assert.Null(Assert.Single(item).Signer);
        Assert.Empty(_fixture.Findings());
    }

    [Fact]
    public void A_package_by_a_key_that_is_not_trusted_is_refused_also_where_unsigned_ones_are_allowed()
    {
        var options = new PublishOptions
        {
            Judge = (_, _) => new SignerDecision.Refused("PM3005", "signed by Bob, who is not trusted", "pm key trust X"),
            AllowsUnsigned = true,
        };

        var refused = Assert.Throws<TrustException>(() => _fixture.Repository.Publish(
            [new SamplePackage("foo@1.0", "one").Save(_fixture.Outside)], options, _fixture.Access));

        Assert.Equal("pm key trust X", refused.Hint);
        Assert.Empty(_fixture.Listed());
    }

    [Fact]
    public void An_altered_package_is_refused()
    {
        var path = new SamplePackage("foo@1.0", "one").Save(_fixture.Outside);
        var bytes = File.ReadAllBytes(path);
        bytes[^3000] ^= 1;
        File.WriteAllBytes(path, bytes);

        Assert.Throws<PackageFormatException>(() => _fixture.Repository.Publish([path], RepositoryFixture.Options, _fixture.Access));
        Assert.Empty(_fixture.Listed());
    }

    /// <summary>What was put in place of root.tar is not what was signed, so it is not unpacked: it would be thousands of times as much.</summary>
    [Fact]
    public void Nothing_is_expanded_that_the_signature_does_not_cover()
    {
        var path = new SamplePackage("foo@1.0", "one").Save(_fixture.Outside);
        File.WriteAllBytes(path, HostilePackage.WithMember(File.ReadAllBytes(path), "root.tar.zst", HostilePackage.Expanding(megabytes: 8)));
        var writes = 0;
        WriteDoor.Trace = (_, call, file) => writes += call == "write" && file.StartsWith(_fixture.Path, StringComparison.Ordinal) ? 1 : 0;

        var refused = Assert.Throws<PackageFormatException>(() => _fixture.Repository.Publish([path], RepositoryFixture.Options, _fixture.Access));

        WriteDoor.Trace = null;
        Assert.Equal("PM2302", refused.Code);
        Assert.InRange(writes, 0, 4);
    }

    [Fact]
    public void A_package_asks_for_no_more_than_it_may()
    {
        var path = new SamplePackage("foo@1.0", "one").Save(_fixture.Outside);
        Assert.Equal("PM2203", Refusal(new PkgLimits { MaximumContentBytes = 20_000 }));
        Assert.Equal("PM2203", Refusal(new PkgLimits { MaximumManifestBytes = 100 }));
        Assert.Equal("PM2203", Refusal(new PkgLimits { MaximumMetaBytes = 100 }));
        Assert.Equal(["lock"], Directory.EnumerateFiles(Path.Join(_fixture.Path, "staged")).Select(Path.GetFileName));

        string Refusal(PkgLimits limits) => Assert.Throws<PackageFormatException>(
            () => _fixture.Repository.Publish([path], RepositoryFixture.Options with { Limits = limits }, _fixture.Access)).Code;
    }

    [Theory]
    [InlineData("nothing.pkg")]
    [InlineData(".")]
    public void What_is_not_a_file_is_named(string name)
    {
        var refused = Assert.Throws<RepositoryException>(() => _fixture.Repository.Publish(
            [Path.Join(_fixture.Outside, name)], RepositoryFixture.Options, _fixture.Access));

        Assert.Equal("PM5009", refused.Code);
    }

    [Fact]
    public void A_signers_public_key_is_handed_out()
    {
        var options = RepositoryFixture.Options with { PublicKey = _ => Encoding.ASCII.GetBytes("public key") };
        _fixture.Repository.Publish([new SamplePackage("foo@1.0", "one").Save(_fixture.Outside)], options, _fixture.Access);

        Assert.Equal("public key", Encoding.ASCII.GetString(Read($"publishers/{SamplePackage.Signer}.asc")));
        Assert.Empty(_fixture.Findings());
    }

    [Fact]
    public void A_missing_key_of_a_role_is_named()
    {
        File.Delete(Path.Join(_fixture.Path, "keys/targets.json"));

        var refused = Assert.Throws<RepositoryException>(() => _fixture.Publish(new SamplePackage("foo@1.0", "one")));

        Assert.Equal("PM5006", refused.Code);
        Assert.Contains("keys/targets.json", refused.Message, StringComparison.Ordinal);
    }

    TimestampMetadata Timestamp() => TimestampMetadata.Parse(
        SignedDocument.Parse(Read("timestamp.json"), "timestamp.json", MetadataLimits.Timestamp).Body);

    byte[] Read(string path) => File.ReadAllBytes(Path.Join(_fixture.Served, path));
}
