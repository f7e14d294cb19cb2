using System.Text;
using Pm.Linux;
using Pm.Storage.Keys;
using Pm.Trust.OpenPgp;
using Xunit;

namespace Pm.Storage.Tests.Keys;

public sealed class OpenPgpProgramTests : IDisposable
{
    const string Text = "manifest\n";

    readonly GnuPgHome _user = new();
    readonly World _world = new();

    public void Dispose()
    {
        _world.Dispose();
        _user.Dispose();
    }

    [Fact]
    public void What_a_new_key_signs_is_accepted_once_the_key_is_trusted()
    {
        var made = _user.Program.CreateKey("Zoë (pm) <zoe@example.org>", "3y", hasPassphrase: false);
        var signature = _user.Program.Sign(Encoding.UTF8.GetBytes(Text), _user.Program.ChooseSecretKey().Fingerprint);

        Assert.Equal("Zoë (pm) <zoe@example.org>", made.Listing.UserId);
        Assert.StartsWith("-----BEGIN PGP SIGNATURE-----\n\n", Encoding.ASCII.GetString(signature), StringComparison.Ordinal);
        Assert.Equal("PM3004", Refusal(Keyring.Empty, signature));
        Assert.Equal("PM3005", Refusal(RingOf(false, made.Bytes), signature));
        var ring = RingOf(true, made.Bytes);
        var accepted = Assert.IsType<SignerDecision.Accepted>(Decide(ring, Text, signature));
        Assert.Equal(made.Listing.Fingerprint, accepted.Signer);
        Assert.Equal("PM3003", Refusal(ring, signature, Text + "x"));
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(Text));
        Assert.IsType<SignatureCheck.Good>(_user.Program.Verify(ring, content, signature));
    }

    [Fact]
    public void What_gpg_verifies_of_ours_and_we_of_gpgs_is_the_same_signature()
    {
        var (ann, key) = _user.KeyOf("Ann <ann@example.org>");
        File.WriteAllText(Path.Join(_user.Path, "f"), Text);
        File.WriteAllBytes(Path.Join(_user.Path, "f.asc"), _user.Program.Sign(Encoding.UTF8.GetBytes(Text), ann));

        _user.Gpg("--verify", Path.Join(_user.Path, "f.asc"), Path.Join(_user.Path, "f"));
        var ring = RingOf(true, key);
        Assert.IsType<SignerDecision.Accepted>(Decide(ring, Text, _user.Sign(ann, Text)));
        Assert.IsType<SignerDecision.Accepted>(Decide(ring, Text, _user.Sign(ann, Text, null, "--armor")));
    }

    [Fact]
    public void Fewer_than_one_and_more_than_one_signature_are_refused()
    {
        var (ann, key) = _user.KeyOf("Ann <ann@example.org>");
        var (bob, other) = _user.KeyOf("Bob <bob@example.org>");
        var ring = RingOf(true, key, other);
        byte[] both = [.. _user.Sign(ann, Text), .. _user.Sign(bob, Text)];

        Assert.Equal("PM3001", Assert.IsType<SignerDecision.Refused>(PublisherSignature.Decide(ring, _user.Program, null)).Code);
        Assert.Equal("PM3002", Refusal(ring, both));
        Assert.Equal("PM3002", Refusal(ring, Array.Empty<byte>()));
        Assert.Equal("PM3002", Refusal(ring, new byte[100_000]));
        Assert.Equal("PM3002", Refusal(ring, "rubbish"u8.ToArray()));
        Assert.Equal("PM3002", Refusal(ring, key));
    }

    [Fact]
    public void A_key_that_expired_since_and_one_that_was_revoked_since_are_refused()
    {
        var (ann, expired) = _user.KeyOf("Ann <ann@example.org>", "1y", "20200101T000000");
        var (bob, live) = _user.KeyOf("Bob <bob@example.org>");
        var byExpired = _user.Sign(ann, Text, "20200601T000000");
        var byRevoked = _user.Sign(bob, Text);

        Assert.Equal("PM3006", Refusal(RingOf(true, expired), byExpired));
        Assert.IsType<SignerDecision.Accepted>(Decide(RingOf(true, live), Text, byRevoked));
        Assert.Equal("PM3008", Refusal(RingOf(true, _user.Revoke(bob)), byRevoked));
    }

    [Fact]
    public void An_expired_signature_and_a_text_signature_are_refused()
    {
        var (ann, key) = _user.KeyOf("Ann <ann@example.org>", "never", "20200101T000000");
        var ring = RingOf(true, key);

        Assert.Equal("PM3007", Refusal(ring, _user.Sign(ann, Text, "20200601T000000", "--default-sig-expire", "1m")));
        Assert.Equal("PM3009", Refusal(ring, _user.Sign(ann, Text, null, "--textmode")));
    }

    [Fact]
    public void A_ring_of_more_keys_than_gpgv_takes_files_is_searched_whole()
    {
        var keys = Enumerable.Range(0, 45).Select(n => _user.KeyOf($"Nr {n} <n{n}@example.org>")).ToList();
        var ring = RingOf(true, [.. keys.Select(k => k.PublicKey)]);

        Assert.Equal(keys.Count, ring.Keys.Count);
        Assert.All([keys[0], keys[^1]], k => Assert.IsType<SignerDecision.Accepted>(Decide(ring, Text, _user.Sign(k.Fingerprint, Text))));
    }

    [Fact]
    public void The_key_to_sign_with_is_the_named_one_or_the_only_one()
    {
        Assert.Equal("PM4035", Assert.Throws<StoreException>(() => _user.Program.ChooseSecretKey()).Code);
        var (ann, _) = _user.KeyOf("Ann <ann@example.org>");
        _user.KeyOf("Old <old@example.org>", "1y", "20200101T000000");
        Assert.Equal(ann, _user.Program.ChooseSecretKey().Fingerprint);
        var (bob, _) = _user.KeyOf("Bob <bob@example.org>");

        var e = Assert.Throws<StoreException>(() => _user.Program.ChooseSecretKey());
        Assert.Equal("PM4035", e.Code);
        Assert.Contains(ann.ToString(), e.Message, StringComparison.Ordinal);
        Assert.Contains(bob.ToString(), e.Message, StringComparison.Ordinal);
        Assert.Equal(bob, _user.Program.ChooseSecretKey("bob@example.org").Fingerprint);
        Assert.Equal(bob, new OpenPgpProgram(_user.World with { SigningKey = bob.LongKeyId }).ChooseSecretKey().Fingerprint);
        Assert.Contains("is expired", Assert.Throws<StoreException>(() => _user.Program.ChooseSecretKey("old@")).Message, StringComparison.Ordinal);
        Assert.Contains("`eve@`", Assert.Throws<StoreException>(() => _user.Program.ChooseSecretKey("eve@")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_passphrase_that_nobody_can_be_asked_for_is_an_error_and_never_a_wait()
    {
        _user.Gpg("--passphrase", "secret", "--quick-generate-key", "Ann <ann@example.org>", "ed25519", "sign", "never");
        _user.EndAgent();

        var key = _user.Program.ChooseSecretKey().Fingerprint;

        var e = Assert.Throws<StoreException>(() => _user.Program.Sign("x"u8.ToArray(), key));

        Assert.Equal("PM4034", e.Code);
        Assert.Contains("on a terminal", e.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_key_of_the_same_user_is_refused_with_what_imports_the_first()
    {
        var (ann, _) = _user.KeyOf("Ann <ann@example.org>");

        var e = Assert.Throws<StoreException>(() => _user.Program.CreateKey("Ann <ann@example.org>", "never", hasPassphrase: false));

        Assert.Equal("PM4036", e.Code);
        Assert.Contains(ann.ToString(), e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_home_that_is_not_there_or_too_deep_for_a_socket_is_named_in_the_hint()
    {
        var gone = _user.World with
        {
            Variables = new Dictionary<string, string>(_user.World.Variables) { ["GNUPGHOME"] = "/nowhere/gnupg" },
        };

        var e = Assert.Throws<StoreException>(() => new OpenPgpProgram(gone).CreateKey("Ann <a@b>", "never", hasPassphrase: false));

        Assert.Equal("PM4034", e.Code);
        Assert.Equal("mkdir -m 700 /nowhere/gnupg", e.Hint);
    }

    [Theory]
    [InlineData("gpgv")]
    [InlineData("gpg")]
    public void A_missing_program_is_named_with_what_installs_it(string program)
    {
        var none = new OpenPgpProgram(OpenPgpEnvironment.From(name => name switch { "PATH" => "/nowhere", "TMPDIR" => _user.Scratch, _ => null }));

        var e = Assert.Throws<StoreException>(() => program == "gpgv"
            ? none.Verify(Keyring.Empty, default(ReadOnlyMemory<byte>), "s"u8.ToArray())
            : (object)none.SecretKeys());

        Assert.Equal("PM4030", e.Code);
        Assert.Equal($"apt-get install {program}", e.Hint);
    }

    [Fact]
    public void A_gpgv_that_crashes_is_an_error_and_no_verdict()
    {
        var program = new OpenPgpProgram(WithFake("gpgv", "echo '[GNUPG:] NEWSIG'; kill -SEGV $$"));

        var e = Assert.Throws<StoreException>(() => program.Verify(Keyring.Empty, "x"u8.ToArray(), "s"u8.ToArray()));

        Assert.Equal("PM4034", e.Code);
        Assert.Contains("signal 11", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Interrupted_while_a_passphrase_is_asked_for_the_window_that_asks_is_ended_too()
    {
        // It says what it launched, reads so much that the launch was before, and stays.
        var world = WithFake("gpg", """
            while [ "$1" != --status-file ]; do shift; done
            setsid "$HOME/bin/pinentry" 600 > /dev/null 2>&1 < /dev/null &
            echo "[GNUPG:] PINENTRY_LAUNCHED $! curses" > "$2"
            echo $! > "$HOME/pid"
            cat > /dev/null
            """);
        File.Copy("/bin/sleep", Path.Join(_user.Path, "bin", "pinentry"));
        using var cancellation = new CancellationTokenSource();
        using var content = new EndlessStream(afterBytes: 1 << 20, cancellation.Cancel);

        Assert.Throws<OperationCanceledException>(() => new OpenPgpProgram(world with { Terminal = "/dev/null" })
            .Sign(content, Fingerprint.Parse("1B834682E7B46C77841A4C2FE393AAE5E7007D94"), cancellation.Token));

        var pid = int.Parse(File.ReadAllText(Path.Join(_user.Path, "pid")), System.Globalization.CultureInfo.InvariantCulture);
        // One that has ended and was not reaped has no command line any more.
        Assert.True(SpinWait.SpinUntil(() => ProcessProbe.CommandLine(pid)?.Contains("pinentry", StringComparison.Ordinal) != true, TimeSpan.FromSeconds(20)));
    }

    OpenPgpEnvironment WithFake(string program, string script)
    {
        var directory = Path.Join(_user.Path, "bin");
        Directory.CreateDirectory(directory);
        var fake = Path.Join(directory, program);
        File.WriteAllText(fake, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(fake, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return _user.World with
        {
            Variables = new Dictionary<string, string>(_user.World.Variables) { ["PATH"] = directory + ":/usr/bin:/bin" },
        };
    }

    string Refusal(Keyring ring, ReadOnlyMemory<byte> signature, string text = Text) =>
        Assert.IsType<SignerDecision.Refused>(Decide(ring, text, signature)).Code;

    SignerDecision Decide(Keyring ring, string text, ReadOnlyMemory<byte> signature) =>
        PublisherSignature.Decide(ring, _user.Program, new SignatureFiles(Encoding.UTF8.GetBytes(text), signature));

    /// <summary>The ring of a root into which these keys were imported, and no others.</summary>
    Keyring RingOf(bool trust, params ReadOnlyMemory<byte>[] keys)
    {
        using var writer = RootWriter.Open(_world.Root, _world.Store, _world.Writer);
        var ring = Keyring.Open(_world.Root);
        KeyringWriter.Apply(writer, ring.Keys.Keys.Select(ring.PlanRemove));
        var file = keys.SelectMany(k => k.ToArray()).ToArray();
        KeyringWriter.Apply(
            writer, Keyring.Empty.PlanImport(_user.Program, file, new ImportOptions(trust, "test", World.Start)));
        return Keyring.Open(_world.Root);
    }

    Keyring RingOf(bool trust, params byte[][] keys) => RingOf(trust, [.. keys.Select(k => new ReadOnlyMemory<byte>(k))]);
}
