using System.Globalization;
using System.Text;
using Pm.Linux;
using Pm.Storage.Keys;
using Pm.Trust.OpenPgp;
using Xunit;

namespace Pm.Storage.Tests.Keys;

/// <summary>A user with a GnuPG home of their own; its agent ends and the directory goes with it.</summary>
/// <remarks>The path is short: an agent's socket must fit into 108 bytes.</remarks>
sealed class GnuPgHome : IDisposable
{
    static readonly string SearchPath = Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin";

    static int _count;

    public GnuPgHome()
    {
        foreach (var program in (string[])["gpg", "gpgv", "gpgconf"])
        {
            Assert.SkipWhen(ProgramPath.Find(program, SearchPath) is null, $"{program} is not installed");
        }
        Path = string.Create(CultureInfo.InvariantCulture, $"/tmp/pmk-{Environment.ProcessId}-{Interlocked.Increment(ref _count)}");
        Directory.CreateDirectory(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Directory.CreateDirectory(Scratch);
        Program = new OpenPgpProgram(World);
    }

    public string Path { get; }

    /// <summary>Where pm puts what it gives gpg; empty again after every call.</summary>
    public string Scratch => System.IO.Path.Join(Path, "scratch");

    public OpenPgpProgram Program { get; }

    public OpenPgpEnvironment World => OpenPgpEnvironment.From(name => name switch
    {
        "PATH" => SearchPath,
        "HOME" or "GNUPGHOME" => Path,
        "TMPDIR" => Scratch,
        _ => null,
    });

    /// <summary>Runs gpg as its user would.</summary>
    public byte[] Gpg(params string[] arguments) => Gpg(default(ReadOnlyMemory<byte>), arguments);

    public byte[] Gpg(ReadOnlyMemory<byte> input, params string[] arguments)
    {
        var result = ChildProcess.Run(new ChildOptions
        {
            FileName = "gpg",
            SearchPath = SearchPath,
            Arguments = ["--batch", "--no-tty", "--pinentry-mode", "loopback", "--passphrase", "", "--utf8-strings", .. arguments],
            Environment = World.Variables,
            Input = input,
        });
        Assert.True(result.IsSuccess, $"gpg {string.Join(' ', arguments)}: {result}\n{result.ErrorText}");
        return result.Output.ToArray();
    }

    /// <summary>Makes a key as if it were another day, and gives its public half.</summary>
    /// <param name="day">"20200101T000000".</param>
    public (Fingerprint Fingerprint, byte[] PublicKey) KeyOf(string userId, string expires = "never", string? day = null)
    {
        Gpg([.. At(day), "--quick-generate-key", userId, "ed25519", "sign", expires]);
        var listing = Program.SecretKeys().Single(k => k.UserId == userId);
        return (listing.Fingerprint, Gpg("--export", listing.Fingerprint.ToString()));
    }

    public byte[] Sign(Fingerprint key, string text, string? day = null, params string[] options) => Gpg(
        Encoding.UTF8.GetBytes(text), [.. At(day), .. options, "--local-user", key.ToString(), "--output", "-", "--detach-sign"]);

    /// <summary>The key with its owner's revocation in it.</summary>
    public byte[] Revoke(Fingerprint key)
    {
        Gpg(RevocationOf(key), "--import");
        return Gpg("--export", key.ToString());
    }

    /// <summary>The certificate that gpg puts aside for every new key, made usable.</summary>
    public byte[] RevocationOf(Fingerprint key)
    {
        var text = File.ReadAllText(System.IO.Path.Join(Path, "openpgp-revocs.d", $"{key}.rev"));
        return Encoding.ASCII.GetBytes(text[text.IndexOf(":-----BEGIN", StringComparison.Ordinal)..][1..]);
    }

    public void Dispose()
    {
        Assert.Empty(Directory.EnumerateFileSystemEntries(Scratch));
        EndAgent();
        Directory.Delete(Path, recursive: true);
    }

    /// <summary>Ends what gpg started, with every passphrase it remembers.</summary>
    public void EndAgent() => ChildProcess.Run(new ChildOptions
    {
        FileName = "gpgconf",
        SearchPath = SearchPath,
        Arguments = ["--kill", "all"],
        Environment = World.Variables,
    });

    static string[] At(string? day) => day is null ? [] : ["--faked-system-time", day];
}
