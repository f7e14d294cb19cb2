using System.Text;
using Pm.Linux;
using Pm.Storage.Keys;
using Pm.Trust;
using Pm.Trust.OpenPgp;
using Xunit;

namespace Pm.Storage.Tests.Keys;

public sealed class KeyringTests : IDisposable
{
    static readonly DateTimeOffset Now = World.Start;

    readonly GnuPgHome _user = new();
    readonly World _world = new();

    public void Dispose()
    {
        _world.Dispose();
        _user.Dispose();
    }

    [Fact]
    public void A_root_that_nobody_imported_into_has_an_empty_ring()
    {
        Assert.Empty(Keyring.Open(_world.Root).Keys);
        Assert.Empty(Keyring.OpenAt("/nowhere/at/all").Keys);
    }

    [Fact]
    public void An_imported_key_is_known_until_it_is_trusted_and_keeps_that_when_it_comes_again()
    {
        var (ann, key) = _user.KeyOf("Ann <ann@example.org>");

        Assert.Equal("added", Assert.Single(Import(key, trust: false)).Word);
        Assert.Equal(TrustState.Known, Ring().Keys[ann].State);

        Apply(ring => [ring.PlanTrust(ann, Now)]);
        Assert.Equal(TrustState.Trusted, Ring().Keys[ann].State);
        Assert.Equal("unchanged", Assert.Single(Import(key, trust: false)).Word);
        Assert.Equal(TrustState.Trusted, Ring().Keys[ann].State);

        Apply(ring => [ring.PlanDistrust(ann, Now)]);
        Assert.Equal(TrustState.Known, Ring().Keys[ann].State);

        Apply(ring => [ring.PlanRemove(ann)]);
        Assert.Empty(Ring().Keys);
        Assert.Empty(Directory.EnumerateFileSystemEntries(RingPath));
    }

    [Fact]
    public void Several_keys_in_one_armoured_file_become_one_file_each_and_export_gives_each_back()
    {
        var (ann, _) = _user.KeyOf("Ann <ann@example.org>");
        var (bob, _) = _user.KeyOf("Bøb: <bob@example.org>", "2y");
        var both = _user.Gpg("--armor", "--export", ann.ToString()).Concat(_user.Gpg("--armor", "--export", bob.ToString())).ToArray();

        Import(both, trust: true);

        var ring = Ring();
        Assert.Equal(new[] { ann, bob }.Order(), ring.Keys.Keys);
        Assert.Equal("Bøb: <bob@example.org>", ring.Keys[bob].UserId);
        Assert.Null(ring.Keys[ann].Expires);
        Assert.InRange(ring.Keys[bob].Expires!.Value - ring.Keys[bob].Created!.Value, TimeSpan.FromDays(729), TimeSpan.FromDays(732));
        var shown = Assert.Single(_user.Program.ShowKeys(Encoding.ASCII.GetBytes(ring.Export(bob))));
        Assert.Equal(bob, shown.Fingerprint);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead,
            File.GetUnixFileMode(Path.Join(RingPath, ann + ".gpg")));
    }

    [Fact]
    public void A_newer_copy_brings_its_revocation_and_an_older_one_does_not_take_it_back()
    {
        var (ann, old) = _user.KeyOf("Ann <ann@example.org>");
        Import(old, trust: true);

        Assert.Equal("updated", Assert.Single(Import(_user.Revoke(ann), trust: false)).Word);
        Assert.Equal(TrustState.Revoked, Ring().Keys[ann].State);
        Assert.Equal("Ann <ann@example.org>", Ring().Keys[ann].UserId);
        Assert.Equal("unchanged", Assert.Single(Import(old, trust: true)).Word);
        Assert.Equal(TrustState.Revoked, Ring().Keys[ann].State);
        Assert.Equal("PM3008", Assert.Throws<TrustException>(() => Ring().PlanTrust(ann, Now)).Code);
    }

    [Fact]
    public void A_revocation_certificate_alone_revokes_the_key_that_the_ring_holds()
    {
        var (ann, key) = _user.KeyOf("Ann <ann@example.org>");
        var (bob, other) = _user.KeyOf("Bob <bob@example.org>");
        Import([.. key, .. other], trust: true);

        var change = Assert.Single(Import(_user.RevocationOf(ann), trust: false));

        Assert.Equal(ann, change.Fingerprint);
        Assert.Equal(TrustState.Revoked, Ring().Keys[ann].State);
        Assert.Equal(TrustState.Trusted, Ring().Keys[bob].State);
    }

    [Fact]
    public void A_copy_with_a_later_end_renews_the_key()
    {
        var (ann, key) = _user.KeyOf("Ann <ann@example.org>", "1y");
        Import(key, trust: true);
        _user.Gpg("--quick-set-expire", ann.ToString(), "3y");

        Import(_user.Gpg("--export", ann.ToString()), trust: false);

        var renewed = Ring().Keys[ann];
        Assert.Equal(TrustState.Trusted, renewed.State);
        Assert.InRange(renewed.Expires!.Value - renewed.Created!.Value, TimeSpan.FromDays(1090), TimeSpan.FromDays(1100));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_secret_key_is_refused_and_nothing_of_it_is_kept(bool armored)
    {
        var (ann, _) = _user.KeyOf("Ann <ann@example.org>");
        var secret = _user.Gpg([.. armored ? ["--armor"] : Array.Empty<string>(), "--export-secret-keys", ann.ToString()]);

        var e = Assert.Throws<StoreException>(() => Import(secret, trust: true));

        Assert.Equal("PM4032", e.Code);
        Assert.Contains(ann.ToString(), e.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(RingPath));
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nAAAA\n-----END PGP PUBLIC KEY BLOCK-----\n")]
    public void What_is_no_key_is_refused(string text)
    {
        var e = Assert.Throws<StoreException>(() => Import(Encoding.ASCII.GetBytes(text), trust: true));

        Assert.Equal("PM4031", e.Code);
        Assert.Contains("ann.asc", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_cut_short_anywhere_is_refused_or_taken_whole_and_never_half()
    {
        var (ann, key) = _user.KeyOf("Ann <ann@example.org>");
        for (var length = 1; length < key.Length; length += 23)
        {
            var e = Assert.Throws<StoreException>(() => Import(key[..length], trust: true));

            Assert.Equal("PM4031", e.Code);
        }

        Assert.Empty(Ring().Keys);
        Import(key, trust: true);
        Assert.True(Ring().Keys.ContainsKey(ann));
    }

    [Fact]
    public void Keys_are_found_by_fingerprint_key_id_mail_and_part_of_the_name()
    {
        var (ann, first) = _user.KeyOf("Ann <ann@example.org>");
        var (joann, second) = _user.KeyOf("Jo <joann@example.org>");
        Import([.. first, .. second], trust: true);
        var ring = Ring();

        Assert.Equal(ann, ring.Require(ann.ToString()).Fingerprint);
        Assert.Equal(ann, ring.Require("0x" + ann.LongKeyId.ToLowerInvariant()).Fingerprint);
        Assert.Equal(ann, ring.Require(ann.ToString()[^8..]).Fingerprint);
        // The address is that of one key and a part of the other's.
        Assert.Equal(ann, ring.Require("ANN@example.org").Fingerprint);
        Assert.Equal(joann, ring.Require("Jo <").Fingerprint);
        Assert.Contains("holds no key", Assert.Throws<StoreException>(() => ring.Require("bob")).Message, StringComparison.Ordinal);
        Assert.Throws<StoreException>(() => ring.Require(""));
        var e = Assert.Throws<StoreException>(() => ring.Require("example"));
        Assert.Equal("PM4033", e.Code);
        Assert.Contains($"2 keys:\n  {ann} Ann <ann@example.org>\n  {joann} Jo ", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{\"format\":2}")]
    [InlineData("{\"format\":1,\"fingerprint\":\"0000000000000000000000000000000000000000\",\"state\":\"trusted\",\"since\":\"2026-01-01T00:00:00Z\",\"users\":[],\"source\":\"\"}")]
    [InlineData("{\"format\":1,\"fingerprint\":\"FPR\",\"state\":\"adored\",\"since\":\"2026-01-01T00:00:00Z\",\"users\":[],\"source\":\"\"}")]
    public void A_damaged_record_is_an_error_and_never_trust(string record)
    {
        var (ann, key) = _user.KeyOf("Ann <ann@example.org>");
        Import(key, trust: true);
        var path = Path.Join(RingPath, ann + ".json");
        File.WriteAllText(path, record.Replace("FPR", ann.ToString(), StringComparison.Ordinal));

        var e = Assert.Throws<StoreException>(Ring);

        Assert.StartsWith("PM400", e.Code, StringComparison.Ordinal);
        Assert.Contains(path, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_write_of_a_change_fails_the_ring_is_whole_trusts_no_more_and_the_change_can_be_made_again()
    {
        var (ann, key) = _user.KeyOf("Ann <ann@example.org>");
        var (bob, other) = _user.KeyOf("Bob <bob@example.org>");
        var first = Keyring.Empty.PlanImport(_user.Program, (byte[])[.. key, .. other], Options(true));
        var revoked = _user.Revoke(ann);
        var (eve, third) = _user.KeyOf("Eve <eve@example.org>");
        using var writer = RootWriter.Open(_world.Root, _world.Store, _world.Writer);
        KeyringWriter.Apply(writer, first);
        KeyringChange[] second =
        [
            .. Ring().PlanImport(_user.Program, (byte[])[.. revoked, .. third], Options(true)), Ring().PlanRemove(bob),
        ];
        var fault = new WriteFault { Kind = WriteFaultKind.Fail, At = 1, Errno = Errno.ENOSPC, Beneath = RingPath };
        for (var n = 1; n == 1 || fault.HasStruck; n++)
        {
            Directory.Delete(RingPath, recursive: true);
            KeyringWriter.Apply(writer, first);
            fault = new WriteFault { Kind = WriteFaultKind.Fail, At = n, Errno = Errno.ENOSPC, Beneath = RingPath };
            WriteDoor.Fault = fault;
            _ = Record.Exception(() => KeyringWriter.Apply(writer, second));
            WriteDoor.Fault = null;

            var ring = Ring();
            Assert.All(ring.Keys, k => Assert.Equal(k.Key, Assert.Single(_user.Program.ShowKeys(Encoding.ASCII.GetBytes(ring.Export(k.Key)))).Fingerprint));
            Assert.True(ring.Keys.ContainsKey(ann));
            if (ring.Keys.ContainsKey(bob))
            {
                KeyringWriter.Apply(writer, second);
            }

            ring = Ring();
            Assert.Equal(TrustState.Revoked, ring.Keys[ann].State);
            Assert.Equal(TrustState.Trusted, ring.Keys[eve].State);
            Assert.False(ring.Keys.ContainsKey(bob));
        }

        Assert.True(fault.Seen > 10, $"only {fault.Seen} writes");
    }

    string RingPath => Path.Join(_world.Root.StatePath, "keyring");

    Keyring Ring() => Keyring.Open(_world.Root);

    static ImportOptions Options(bool trust) => new(trust, "ann.asc", Now);

    List<KeyringChange> Import(byte[] file, bool trust) => Apply(ring => ring.PlanImport(_user.Program, file, Options(trust)));

    List<KeyringChange> Apply(Func<Keyring, IReadOnlyList<KeyringChange>> plan)
    {
        using var writer = RootWriter.Open(_world.Root, _world.Store, _world.Writer);
        var changes = plan(Ring()).ToList();
        KeyringWriter.Apply(writer, changes);
        return changes;
    }
}
