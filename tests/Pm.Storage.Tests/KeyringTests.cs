using System.Text;
using Pm.Linux;
using Pm.Trust.OpenPgp;
using Xunit;

namespace Pm.Storage.Tests;

public sealed class KeyringTests : IDisposable
{
    static readonly string? SearchPath = Environment.GetEnvironmentVariable("PATH");

    readonly string _home = Path.Join(Path.GetTempPath(), $"pm-keys-{Environment.ProcessId}-{Guid.NewGuid():N}"[..28]);
    readonly Keyring _ring;
    readonly OpenPgpProgram _program;

    public KeyringTests()
    {
        if (ProgramPath.Find("gpg", SearchPath) is null || ProgramPath.Find("gpgv", SearchPath) is null)
        {
            Assert.Skip("gpg or gpgv is not installed");
        }
        Directory.CreateDirectory(_home);
        using (var parent = DirectoryHandle.Open(Path.GetDirectoryName(_home)!))
        {
            parent.SetMode(Path.GetFileName(_home), 0b111_000_000);
        }
        _ring = new Keyring(Path.Join(_home, "keyring"));
        _program = new OpenPgpProgram(OpenPgpEnvironment.From(Variable));
    }

    public void Dispose()
    {
        if (_program is not null)
        {
            // The agent that signing started would outlive the test.
            ChildProcess.Run(new ChildOptions
            {
                FileName = "gpgconf",
                Arguments = ["--kill", "all"],
                SearchPath = SearchPath,
                Environment = new Dictionary<string, string> { ["GNUPGHOME"] = _home, ["HOME"] = _home },
            });
            Directory.Delete(_home, recursive: true);
        }
    }

    [Fact]
    public void A_key_is_made_imported_and_what_it_signs_is_accepted()
    {
        var (fingerprint, publicKey) = _program.CreateKey("Ann (pm) <ann@example.org>", "");
        var imported = Assert.Single(_ring.Import(publicKey, "own key", trust: true, World.Start, _program));
        var manifest = "manifest"u8.ToArray();

        var signature = _program.Sign(manifest, _program.ChooseSecretKey("ann@example.org").Fingerprint);

        Assert.Equal(fingerprint, imported.Key.Fingerprint);
        Assert.Equal("Ann (pm) <ann@example.org>", imported.Key.UserId);
        Assert.StartsWith("-----BEGIN PGP SIGNATURE-----", Encoding.ASCII.GetString(signature), StringComparison.Ordinal);
        var check = _program.Verify(manifest, signature, _ring.RingBytes());
        Assert.Equal(fingerprint, Assert.IsType<SignatureCheck.Good>(check).Primary);
        Assert.IsType<SignerDecision.Accepted>(SignerPolicy.Decide(check, _ring.Keys()));
        Assert.IsType<SignatureCheck.Bad>(_program.Verify("other"u8.ToArray(), signature, _ring.RingBytes()));
        Assert.IsType<SignatureCheck.Missing>(_program.Verify(manifest, default, _ring.RingBytes()));
        Assert.IsType<SignatureCheck.Malformed>(_program.Verify(manifest, "rubbish"u8.ToArray(), _ring.RingBytes()));
        Assert.IsType<SignatureCheck.UnknownKey>(_program.Verify(manifest, signature, default));
    }

    [Fact]
    public void Several_keys_in_one_file_become_one_file_each_and_export_gives_them_back()
    {
        var (ann, annKey) = _program.CreateKey("Ann <ann@example.org>", "");
        var (bob, bobKey) = _program.CreateKey("Bob <bob@example.org>", "");

        var imported = _ring.Import(annKey.Concat(bobKey).ToArray(), "both", trust: false, World.Start, _program);

        Assert.Equal(new[] { ann, bob }.Order(), imported.Select(i => i.Key.Fingerprint).Order());
        Assert.All(imported, i => Assert.True(i.IsNew));
        Assert.All(_ring.Keys().Values, k => Assert.Equal(TrustState.Known, k.State));
        var armoured = _ring.Export(bob);
        var other = new Keyring(Path.Join(_home, "other"));
        var again = Assert.Single(other.Import(Encoding.ASCII.GetBytes(armoured), "bob.asc", trust: true, World.Start, _program));
        Assert.Equal(bob, again.Key.Fingerprint);
        Assert.Equal(TrustState.Trusted, again.Key.State);
        Assert.Equal(armoured, other.Export(bob));
    }

    [Fact]
    public void Trust_is_given_taken_and_survives_a_renewed_import()
    {
        var (ann, key) = _program.CreateKey("Ann <ann@example.org>", "");
        _ring.Import(key, "ann", trust: false, World.Start, _program);

        _ring.Trust(ann, true, World.Start);
        var again = Assert.Single(_ring.Import(key, "ann", trust: false, World.Start, _program));

        Assert.False(again.IsNew);
        Assert.Equal(TrustState.Trusted, _ring.Find("ann@example.org").State);
        _ring.Trust(ann, false, World.Start);
        Assert.Equal(TrustState.Known, _ring.Find(ann.LongKeyId).State);
        _ring.Remove(ann);
        Assert.Empty(_ring.Keys());
        Assert.Equal("PM4033", Assert.Throws<StoreException>(() => _ring.Find(ann.ToString())).Code);
    }

    [Fact]
    public void A_secret_key_is_refused_and_nothing_of_it_is_kept()
    {
        var (ann, _) = _program.CreateKey("Ann <ann@example.org>", "");
        var secret = ChildProcess.Run(new ChildOptions
        {
            FileName = "gpg",
            Arguments = ["--batch", "--pinentry-mode", "loopback", "--passphrase", "", "--export-secret-keys", ann.ToString()],
            SearchPath = SearchPath,
            Environment = new Dictionary<string, string> { ["GNUPGHOME"] = _home, ["HOME"] = _home },
        }).Output;
        Assert.False(secret.IsEmpty);

        var e = Assert.Throws<StoreException>(() => _ring.Import(secret, "secret.key", trust: true, World.Start, _program));

        Assert.Equal("PM4032", e.Code);
        Assert.Contains("secret.key", e.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_ring.Path));
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nAAAA\n-----END PGP PUBLIC KEY BLOCK-----\n")]
    public void What_is_no_key_is_refused(string text)
    {
        var e = Assert.Throws<StoreException>(
            () => _ring.Import(Encoding.ASCII.GetBytes(text), "file", trust: true, World.Start, _program));

        Assert.Equal("PM4031", e.Code);
    }

    [Fact]
    public void Signing_without_a_key_says_how_to_make_one()
    {
        var e = Assert.Throws<StoreException>(() => _program.ChooseSecretKey(null));

        Assert.Equal("PM4035", e.Code);
        Assert.Equal("pm key create", e.Hint);
    }

    [Fact]
    public void Without_gpg_it_is_named_with_what_installs_it()
    {
        var program = new OpenPgpProgram(OpenPgpEnvironment.From(name => name == "PATH" ? "/nowhere" : null));

        var e = Assert.Throws<StoreException>(() => program.Verify("d"u8.ToArray(), "s"u8.ToArray(), default));

        Assert.Equal("PM4030", e.Code);
        Assert.Equal("apt-get install gpgv", e.Hint);
    }

    [Fact]
    public void A_key_without_a_record_is_known_and_not_trusted()
    {
        var (ann, key) = _program.CreateKey("Ann <ann@example.org>", "");
        _ring.Import(key, "ann", trust: true, World.Start, _program);
        File.Delete(Path.Join(_ring.Path, ann + ".json"));

        Assert.Equal(TrustState.Known, _ring.Keys()[ann].State);
    }

    string? Variable(string name) => name switch
    {
        "PATH" => SearchPath,
        "HOME" or "GNUPGHOME" or "TMPDIR" => _home,
        _ => null,
    };
}
