using System.Text;
using Pm.Codecs;
using Pm.Remotes.Http;
using Pm.Remotes.Oci;
using Pm.Simulation.Lying;
using Xunit;

namespace Pm.Remotes.Tests.Oci;

/// <summary>A registry that lies: nothing but the bytes that were named comes through, and a password goes nowhere else.</summary>
public sealed class HostileRegistryTests
{
    const string Platform = "linux/amd64";

    static readonly byte[] Object = [.. Enumerable.Range(0, 5000).Select(i => (byte)(i * 7))];

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> AllLies => new MatrixTheoryData<string, string>(["manifests/1", "blobs/"], [.. Liars.Keys]);

    static readonly Dictionary<string, Lie> Liars = new()
    {
        ["short body"] = Lies.ShortBodyAsync,
        ["long body"] = Lies.LongBodyAsync,
        ["endless body"] = Lies.EndlessBodyAsync,
        ["two lengths"] = Lies.TwoLengthsAsync,
        ["length and chunks"] = Lies.LengthAndChunksAsync,
        ["no last chunk"] = Lies.NoLastChunkAsync,
        ["endless headers"] = Lies.EndlessHeadersAsync,
        ["huge header"] = Lies.HugeHeaderAsync,
        ["wrong bytes"] = Lies.WrongBytesAsync,
        ["too long"] = Lies.TooLongAsync,
        ["empty"] = Lies.EmptyAsync,
        ["reset"] = Lies.ResetAsync,
        ["bomb"] = Lies.BombAsync,
        ["portal"] = Lies.PortalAsync,
        ["wrong type"] = Lies.WrongTypeAsync,
        ["upgrade"] = Lies.UpgradeAsync,
        ["no http"] = Lies.NoHttpAsync,
        ["gzip"] = Lies.Encoded("gzip"),
        ["elsewhere by another scheme"] = Lies.RedirectTo("file:///etc/passwd"),
        ["round and round"] = Lies.RedirectTo(a => a.Request.Target),
        ["500"] = Lies.Status("500 Internal Server Error"),
        ["401 without a challenge"] = Lies.Status("401 Unauthorized"),
        ["401 always"] = Lies.Status("401 Unauthorized", "WWW-Authenticate: Basic realm=\"x\""),
        ["a token from a file"] = Lies.Status("401 Unauthorized", "WWW-Authenticate: Bearer realm=\"file:///etc/passwd\",service=\"x\""),
        ["a token from nowhere"] = Lies.Status("401 Unauthorized", "WWW-Authenticate: Bearer realm=\"http://127.0.0.1:1/\""),
        ["a challenge that is none"] = Lies.Status("401 Unauthorized", "WWW-Authenticate: Bearer ,,,=\"\"\"\"=,realm="),
    };

    [Theory, MemberData(nameof(AllLies))]
    public async Task Nothing_but_what_was_named_comes_through(string path, string lie)
    {
        await using var server = Server();
        server.LieAlways = Liars[lie];
        server.LiesAbout = asked => asked.Contains(path, StringComparison.Ordinal);
        using var client = new OciClient(Reference(server), new HttpSettings { Attempts = 1 }, _ => new OciCredentials("pat", "secret"), allowsPlain: false);
        using var target = new MemoryStream();

        // A lie may change nothing that counts; what does come through is what was named.
        if (await Record.ExceptionAsync(() => PullAsync(client, target)) is { } e)
        {
            Assert.IsType<RemoteException>(e);
        }
        else
        {
            Assert.Equal(Object, target.ToArray());
        }
    }

    [Theory]
    [InlineData("", "PM6063")]
    [InlineData("[]", "PM6063")]
    [InlineData("""{"schemaVersion":1,"config":{},"layers":[]}""", "PM6063")]
    [InlineData("""{"schemaVersion":2,"layers":[]}""", "PM6063")]
    [InlineData("""{"schemaVersion":2,"config":{"mediaType":"x","digest":"md5:00","size":1},"layers":[]}""", "PM6063")]
    [InlineData("""{"schemaVersion":2,"config":CONFIG,"config":CONFIG,"layers":[]}""", "PM6063")]
    [InlineData("""{"schemaVersion":2,"config":CONFIG,"layers":[]}""", "PM6064")]
    [InlineData("""{"schemaVersion":2,"config":CONFIG,"layers":[LAYER,LAYER]}""", "PM6064")]
    [InlineData("""{"schemaVersion":2,"config":CONFIG,"layers":[{"mediaType":"application/vnd.wasm.content.layer.v1+wasm","digest":"DIGEST","size":1}]}""", "PM6064")]
    [InlineData("""{"schemaVersion":2,"config":CONFIG,"layers":[{"mediaType":"application/vnd.gadget.ebpf.program.v1+binary","digest":"DIGEST","size":99999999999}]}""", "PM6004")]
    [InlineData("""{"schemaVersion":2,"config":CONFIG,"layers":[{"mediaType":"application/vnd.gadget.ebpf.program.v1+binary","digest":"DIGEST","size":-1}]}""", "PM6063")]
    [InlineData("""{"schemaVersion":2,"manifests":[]}""", "PM6068")]
    [InlineData("""{"schemaVersion":2,"manifests":[{"mediaType":"x","digest":"SELF","size":1}]}""", "PM6062")]
    public async Task A_manifest_that_will_not_do_is_named(string manifest, string code)
    {
        var digest = $"sha256:{Sha256Digest.Of(Object)}";
        var text = manifest.Replace("CONFIG", $$"""{"mediaType":"x","digest":"{{digest}}","size":2}""", StringComparison.Ordinal)
            .Replace("LAYER", $$"""{"mediaType":"y","digest":"{{digest}}","size":2}""", StringComparison.Ordinal)
            .Replace("SELF", $"sha256:{Sha256Digest.Of("x"u8)}", StringComparison.Ordinal)
            .Replace("DIGEST", digest, StringComparison.Ordinal);
        await using var server = new LyingServer(path => path == "v2/tools/opens/manifests/1" ? Encoding.UTF8.GetBytes(text) : null);
        using var client = new OciClient(Reference(server), new HttpSettings { Attempts = 1 }, _ => null, allowsPlain: false);

        Assert.Equal(code, (await Assert.ThrowsAsync<RemoteException>(() => client.FindAsync(Platform, Cancellation))).Code);
    }

    [Fact]
    public async Task A_password_goes_to_the_place_of_tokens_and_the_token_to_the_registry_alone()
    {
        await using var other = new LyingServer(path => path.StartsWith("v2/", StringComparison.Ordinal) ? Object : null);
        await using var tokens = new LyingServer(_ => """{"token":"t0ken"}"""u8.ToArray());
        await using var server = Server();
        server.LieAlways = Lies.Status("401 Unauthorized", $"WWW-Authenticate: Bearer realm=\"{tokens.Url}/token\",service=\"reg\",scope=\"repository:tools/opens:pull\"");
        server.LiesTo = request => !request.Headers.ContainsKey("authorization");
        server.Lies[BlobPath] = Lies.RedirectTo($"{other.Url}/{BlobPath}");
        using var client = new OciClient(Reference(server), new HttpSettings { Attempts = 1 }, _ => new OciCredentials("pat", "secret"), allowsPlain: false);
        using var target = new MemoryStream();

        await PullAsync(client, target);

        Assert.Equal(Object, target.ToArray());
        var asked = Assert.Single(tokens.Requests);
        Assert.Equal("Basic cGF0OnNlY3JldA==", asked.Headers["authorization"]);
        Assert.Equal("token?service=reg&scope=repository:tools/opens:pull", asked.Path);
        Assert.All(server.Requests.Where(r => r.Headers.ContainsKey("authorization")), r => Assert.Equal("Bearer t0ken", r.Headers["authorization"]));
        Assert.All(other.Requests, r => Assert.False(r.Headers.ContainsKey("authorization")));
        Assert.Single(other.Requests);
    }

    /// <summary>Whoever a registry leads to may ask who pm is: the answer would be for the registry. Source: CVE-2020-15157.</summary>
    /// <param name="challenge">His question.</param>
    /// <param name="isOfToken">Whether what is kept for the registry is a token.</param>
    [Theory]
    [InlineData("Basic realm=\"x\"", false)]
    [InlineData("Bearer realm=\"OTHER/token\",service=\"x\"", false)]
    [InlineData("Bearer realm=\"OTHER/token\",service=\"x\"", true)]
    public async Task A_password_is_not_for_the_place_that_a_registry_leads_to(string challenge, bool isOfToken)
    {
        await using var other = new LyingServer(_ => """{"token":"t0ken"}"""u8.ToArray());
        other.Lies[BlobPath] = Lies.Status("401 Unauthorized", $"WWW-Authenticate: {challenge.Replace("OTHER", other.Url.ToString().TrimEnd('/'), StringComparison.Ordinal)}");
        await using var server = Server();
        server.Lies[BlobPath] = Lies.RedirectTo($"{other.Url}/{BlobPath}");
        using var client = new OciClient(Reference(server), new HttpSettings { Attempts = 1 }, _ => new OciCredentials("pat", "secret") { IsToken = isOfToken }, allowsPlain: false);
        using var target = new MemoryStream();

        Assert.Equal("PM6065", (await Assert.ThrowsAsync<RemoteException>(() => PullAsync(client, target))).Code);
        var asked = Assert.Single(other.Requests);
        Assert.False(asked.Headers.ContainsKey("authorization"));
        Assert.Equal(0, target.Length);
    }

    /// <summary>A digest alone would do; what is said twice, and not the same, is said by nobody to be trusted. Source: OCI image specification 1.1, "Descriptors".</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(-1)]
    public async Task A_layer_of_another_length_than_was_named_is_refused(int more)
    {
        var digest = $"sha256:{Sha256Digest.Of(Object)}";
        var manifest = $$"""
            {"schemaVersion":2,"config":{"mediaType":"application/vnd.gadget.config.v1+yaml","digest":"{{digest}}","size":2},
            "layers":[{"mediaType":"application/vnd.gadget.ebpf.program.v1+binary","digest":"{{digest}}","size":{{Object.Length + more}}}]}
            """;
        await using var server = new LyingServer(path => path == "v2/tools/opens/manifests/1" ? Encoding.UTF8.GetBytes(manifest) : path == BlobPath ? Object : null);
        using var client = new OciClient(Reference(server), new HttpSettings { Attempts = 1 }, _ => null, allowsPlain: false);
        using var target = new MemoryStream();

        Assert.Equal(more > 0 ? "PM6067" : "PM6004", (await Assert.ThrowsAsync<RemoteException>(() => PullAsync(client, target))).Code);
    }

    [Fact]
    public async Task A_layer_that_grows_without_end_is_left()
    {
        using var layer = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(layer, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true))
        {
            var writer = new Pm.Packages.Tar.TarWriter(gzip);
            writer.BeginFile("skipped", 0x1a4, 200L << 20);
            var blanks = new byte[1 << 20];
            for (var count = 0; count < 200; count++)
            {
                writer.Append(blanks);
            }

            writer.Finish();
        }

        var configuration = """{"config":{"Labels":{"io.ebpf.programs":"{}"}}}"""u8.ToArray();
        Dictionary<string, byte[]> blobs = new byte[][] { layer.ToArray(), configuration }.ToDictionary(b => $"v2/tools/opens/blobs/sha256:{Sha256Digest.Of(b)}");
        var manifest = $$"""
            {"schemaVersion":2,"config":{"mediaType":"x","digest":"sha256:{{Sha256Digest.Of(configuration)}}","size":{{configuration.Length}}},
            "layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"sha256:{{Sha256Digest.Of(layer.ToArray())}}","size":{{layer.Length}}}]}
            """;
        await using var server = new LyingServer(path => path == "v2/tools/opens/manifests/1" ? Encoding.UTF8.GetBytes(manifest) : blobs.GetValueOrDefault(path));
        using var client = new OciClient(Reference(server), new HttpSettings { Attempts = 1 }, _ => null, allowsPlain: false);
        using var target = new MemoryStream();

        Assert.Equal("PM6004", (await Assert.ThrowsAsync<RemoteException>(() => PullAsync(client, target))).Code);
        Assert.Equal(0, target.Length);
    }

    [Fact]
    public async Task Another_manifest_than_the_digest_names_is_refused()
    {
        await using var server = Server();
        var reference = Reference(server) with { Digest = Sha256Digest.Of("another"u8) };
        server.Lies[$"v2/tools/opens/manifests/{reference.Selector}"] = Lies.Another(_ => "{}"u8.ToArray());
        using var client = new OciClient(reference, new HttpSettings { Attempts = 1 }, _ => null, allowsPlain: false);

        Assert.Equal("PM6067", (await Assert.ThrowsAsync<RemoteException>(() => client.FindAsync(Platform, Cancellation))).Code);
    }

    static string BlobPath => $"v2/tools/opens/blobs/sha256:{Sha256Digest.Of(Object)}";

    static OciReference Reference(LyingServer server) => OciReference.Parse($"oci://127.0.0.1:{server.Port}/tools/opens:1");

    static async Task PullAsync(OciClient client, Stream target) =>
        await client.FetchAsync(await client.FindAsync(Platform, Cancellation), target, null, Cancellation);

    /// <summary>An honest registry with one image in Inspektor Gadget's form.</summary>
    static LyingServer Server()
    {
        var digest = $"sha256:{Sha256Digest.Of(Object)}";
        var manifest = $$"""
            {"schemaVersion":2,"config":{"mediaType":"application/vnd.gadget.config.v1+yaml","digest":"{{digest}}","size":2},
            "layers":[{"mediaType":"application/vnd.gadget.ebpf.program.v1+binary","digest":"{{digest}}","size":{{Object.Length}}}]}
            """;
        return new LyingServer(path => path == "v2/tools/opens/manifests/1" ? Encoding.UTF8.GetBytes(manifest) : path == BlobPath ? Object : null);
    }
}
