using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Pm.Cli.Registries;
using Pm.Linux;
using Pm.Remotes.Tests.Oci;
using Xunit;

namespace Pm.Cli.Tests;

/// <summary>
/// Images that a real tool of containers makes as bpfman's users make theirs (<c>buildah build -f Containerfile.bytecode</c>), and what such tools say of those that pm makes. In the middle is a real registry.
/// </summary>
public sealed class ImageToolTests : IDisposable
{
    const string Builder = "/usr/bin/buildah";
    const string Inspector = "/usr/bin/skopeo";
    const string Programs = """{"entered":"tracepoint"}""";
    const string Maps = """{"events":"ring_buf"}""";

    /// <summary>As in bpfman's templates since the labels name all programs and maps.</summary>
    const string Newer = """
        FROM scratch
        ARG BYTECODE_FILE
        ARG PROGRAMS
        ARG MAPS
        LABEL "io.ebpf.programs"=$PROGRAMS
        LABEL "io.ebpf.maps"=$MAPS
        COPY $BYTECODE_FILE /
        """;

    /// <summary>As before: one program, and the file by its name.</summary>
    const string Older = """
        FROM scratch
        ARG PROGRAM_NAME
        ARG BPF_FUNCTION_NAME
        ARG PROGRAM_TYPE
        ARG BYTECODE_FILE
        COPY ${BYTECODE_FILE} /
        LABEL io.ebpf.program_type=${PROGRAM_TYPE}
        LABEL io.ebpf.filename=${BYTECODE_FILE}
        LABEL io.ebpf.program_name=${PROGRAM_NAME}
        LABEL io.ebpf.bpf_function_name=${BPF_FUNCTION_NAME}
        """;

    /// <summary>What the newer takes, and the older; each has no use for the other's.</summary>
    static readonly string[] Arguments =
    [
        "--build-arg", $"PROGRAMS={Programs}", "--build-arg", $"MAPS={Maps}",
        "--build-arg", "PROGRAM_NAME=opens", "--build-arg", "BPF_FUNCTION_NAME=entered", "--build-arg", "PROGRAM_TYPE=tracepoint",
    ];

    readonly string _directory = Directory.CreateTempSubdirectory("pm-images-").FullName;
    readonly RegistryProgram _registry;

    public ImageToolTests()
    {
        Assert.SkipUnless(File.Exists(Builder) && File.Exists(Inspector), $"needs {Builder} and {Inspector}: apt-get install buildah skopeo");
        Assert.SkipUnless(SystemUser.IsRoot, $"{Builder} needs root, or sub-identities of the user (/etc/subuid)");
        _registry = new RegistryProgram();
        Directory.CreateDirectory(InDirectory(".output"));
        File.Copy(Object("opens"), InDirectory("opens.bpf.o"));
        File.Copy(Object("opens"), InDirectory(".output/opens.bpf.o"));
        File.Copy(Object("packets"), InDirectory("other.bpf.o"));
        File.WriteAllText(InDirectory("newer"), Newer);
        File.WriteAllText(InDirectory("older"), Older);
    }

    public void Dispose()
    {
        _registry?.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Theory]
    [InlineData("newer", "opens.bpf.o", "oci")]
    [InlineData("newer", ".output/opens.bpf.o", "oci")]
    [InlineData("newer", "opens.bpf.o", "docker")]
    [InlineData("newer", "opens.bpf.o", "oci", "--layers")]
    [InlineData("older", "opens.bpf.o", "oci")]
    [InlineData("older", ".output/opens.bpf.o", "docker")]
    [InlineData("older", "./opens.bpf.o", "docker", "--layers")]
    public async Task What_it_builds_is_pulled_checked_and_run(string recipe, string file, string format, params string[] more)
    {
        var image = $"{_registry.Host}/made/opens:1";
        Build(["--format", format, .. more, "-f", recipe, "--build-arg", $"BYTECODE_FILE={file}", "-t", image]);
        Tool(Builder, [.. Storage, "push", "--tls-verify=false", image]);

        await AssertIsOpensAsync($"oci://{image}");
    }

    [Theory]
    [InlineData("zstd")]
    [InlineData("zstd:chunked")]
    public async Task A_layer_in_zstd_is_taken(string compression)
    {
        var image = $"{_registry.Host}/made/opens:1";
        Build(["-f", "newer", "--build-arg", "BYTECODE_FILE=opens.bpf.o", "-t", image]);
        Tool(Builder, [.. Storage, "push", "--tls-verify=false", "--compression-format", compression, image]);

        Assert.Contains("application/vnd.oci.image.layer.v1.tar+zstd\"", Manifest(image), StringComparison.Ordinal);
        await AssertIsOpensAsync($"oci://{image}");
    }

    [Fact]
    public async Task A_layer_that_is_not_compressed_is_taken()
    {
        var image = $"{_registry.Host}/made/opens:1";
        Build(["-f", "newer", "--build-arg", "BYTECODE_FILE=opens.bpf.o", "-t", image]);
        Tool(Inspector, ["copy", "--dest-oci-accept-uncompressed-layers", $"containers-storage:[vfs@{InDirectory("store-of-images")}+{InDirectory("run-of-images")}]{image}", "oci:plain:1"]);
        Tool(Inspector, ["copy", "--preserve-digests", "--dest-tls-verify=false", "oci:plain:1", $"docker://{image}"]);

        Assert.Contains("application/vnd.oci.image.layer.v1.tar\"", Manifest(image), StringComparison.Ordinal);
        await AssertIsOpensAsync($"oci://{image}");
    }

    /// <summary>An index, of which each machine gets its own.</summary>
    [Fact]
    public async Task Of_several_machines_this_one_s_is_taken()
    {
        var image = $"{_registry.Host}/made/several:1";
        var own = RegistryAccess.Architecture;
        foreach (var architecture in (string[])["s390x", own, "ppc64le"])
        {
            Build(["--platform", $"linux/{architecture}", "--manifest", image, "-f", "newer", "--build-arg", $"BYTECODE_FILE={(architecture == own ? "opens" : "other")}.bpf.o"]);
        }

        Tool(Builder, [.. Storage, "manifest", "push", "--tls-verify=false", "--all", image, $"docker://{image}"]);

        await AssertIsOpensAsync($"oci://{image}");
    }

    [Fact]
    public async Task An_image_that_is_of_no_object_is_none()
    {
        var image = $"{_registry.Host}/made/plain:1";
        File.WriteAllText(InDirectory("plain"), "FROM scratch\nCOPY opens.bpf.o /\n");
        Build(["-f", "plain", "-t", image]);
        Tool(Builder, [.. Storage, "push", "--tls-verify=false", image]);

        var refused = await PmAsync("pkg", "pull", $"oci://{image}");

        Assert.Equal(ExitCode.Invalid, refused.Code);
        Assert.Contains("error[PM6064]", refused.Talk, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_pm_pushes_is_an_image_to_them()
    {
        var image = $"{_registry.Host}/pushed/opens:1";
        Assert.Equal(ExitCode.Ok, (await PmAsync("pkg", "push", "--form", "bpfman", "opens.bpf.o", $"oci://{image}")).Code);

        using var seen = JsonDocument.Parse(Tool(Inspector, ["inspect", "--tls-verify=false", $"docker://{image}"]));
        var labels = seen.RootElement.GetProperty("Labels");
        Assert.Equal(Programs, labels.GetProperty("io.ebpf.programs").GetString());
        Assert.Equal("""{"events":"ring_buf","opens_by_pid":"hash"}""", labels.GetProperty("io.ebpf.maps").GetString());
        Assert.Equal(("linux", RegistryAccess.Architecture), (seen.RootElement.GetProperty("Os").GetString(), seen.RootElement.GetProperty("Architecture").GetString()));

        // It checks every digest, that of the layer without its compression too.
        var container = Tool(Builder, [.. Storage, "from", "--tls-verify=false", image]).Trim();
        var root = Tool(Builder, [.. Storage, "mount", container]).Trim();
        Assert.Equal([Path.Join(root, "opens.bpf.o")], Directory.GetFileSystemEntries(root));
        Assert.Equal(File.ReadAllBytes(Object("opens")), File.ReadAllBytes(Path.Join(root, "opens.bpf.o")));
    }

    [Theory]
    [InlineData("bpfman")]
    [InlineData("gadget")]
    public async Task What_pm_pushes_is_carried_elsewhere_by_them(string form)
    {
        var first = $"{_registry.Host}/pushed/opens:1";
        var second = $"{_registry.Host}/carried/opens:2";
        Assert.Equal(ExitCode.Ok, (await PmAsync("pkg", "push", "--form", form, "opens.bpf.o", $"oci://{first}")).Code);

        Tool(Inspector, ["copy", "--all", "--src-tls-verify=false", $"docker://{first}", "oci:carried:2"]);
        Tool(Inspector, ["copy", "--all", "--dest-tls-verify=false", "oci:carried:2", $"docker://{second}"]);

        await AssertIsOpensAsync($"oci://{second}");
    }

    /// <summary>As <c>ig image build</c> writes them: a layer for each thing, annotations everywhere, an index without a type, and a manifest without one.</summary>
    [Fact]
    public async Task Of_a_gadget_with_several_layers_the_object_is_taken()
    {
        var image = $"{_registry.Host}/gadgets/opens:1";
        Directory.CreateDirectory(InDirectory("gadget/blobs/sha256"));
        var program = Blob("application/vnd.gadget.ebpf.program.v1+binary", File.ReadAllBytes(Object("opens")), """ "annotations": {"org.opencontainers.image.authors": "somebody", "org.opencontainers.image.title": "program.o"}""");
        var types = Blob("application/vnd.gadget.btfgen.v1+binary", [1, 2, 3], """ "annotations": {"org.opencontainers.image.title": "btfs.tar.gz"}""");
        var about = Blob("application/vnd.gadget.config.v1+yaml", "name: opens\n"u8.ToArray(), """ "annotations": {"org.opencontainers.image.title": "config.yaml"}""");
        var manifest = Blob(
            "application/vnd.oci.image.manifest.v1+json",
            Encoding.UTF8.GetBytes($$"""{"schemaVersion": 2, "config": {{about}}, "layers": [{{types}}, {{program}}], "annotations": {"io.inspektor-gadget.builder.version": "v0.31.0"} }"""),
            $$""" "platform": {"os": "linux", "architecture": "{{RegistryAccess.Architecture}}" }""");
        var index = Blob("application/vnd.oci.image.index.v1+json", Encoding.UTF8.GetBytes($$"""{"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [{{manifest}}]}"""), """ "annotations": {"org.opencontainers.image.ref.name": "1"}""");
        File.WriteAllText(InDirectory("gadget/oci-layout"), """{"imageLayoutVersion": "1.0.0"}""");
        File.WriteAllText(InDirectory("gadget/index.json"), $$"""{"schemaVersion": 2, "manifests": [{{index}}]}""");

        Tool(Inspector, ["copy", "--all", "--dest-tls-verify=false", "oci:gadget:1", $"docker://{image}"]);

        await AssertIsOpensAsync($"oci://{image}");
    }

    [Fact]
    public async Task A_package_is_carried_elsewhere_by_them()
    {
        Directory.CreateDirectory(InDirectory("hi/root/bin"));
        File.WriteAllText(InDirectory("hi/meta.yaml"), "name: hi\nversion: 1.0.0\ndescription: says hi\n");
        File.WriteAllText(InDirectory("hi/root/bin/hi"), "#!/bin/sh\necho hi \"$@\"\n");
        File.SetUnixFileMode(InDirectory("hi/root/bin/hi"), (UnixFileMode)0x1ed);
        Assert.Equal(ExitCode.Ok, (await PmAsync("pkg", "create", "--no-sign", "hi")).Code);
        Assert.Equal(ExitCode.Ok, (await PmAsync("pkg", "push", "hi-1.0.0.pkg", $"oci://{_registry.Host}/pushed/hi:1")).Code);

        Tool(Inspector, ["copy", "--src-tls-verify=false", $"docker://{_registry.Host}/pushed/hi:1", "oci:carried:1"]);
        Tool(Inspector, ["copy", "--dest-tls-verify=false", "oci:carried:1", $"docker://{_registry.Host}/carried/hi:1"]);

        var ran = await PmAsync("run", "-q", "--allow-unsigned", "--trust", $"oci://{_registry.Host}/carried/hi:1", "--", "there");
        Assert.Equal((ExitCode.Ok, "hi there\n"), (ran.Code, ran.Data));
    }

    async Task AssertIsOpensAsync(string reference)
    {
        var pulled = await PmAsync("pkg", "pull", "--force", "-o", "pulled.o", reference);
        Assert.True(pulled.Code is ExitCode.Ok, pulled.Talk);
        Assert.Equal(File.ReadAllBytes(Object("opens")), File.ReadAllBytes(InDirectory("pulled.o")));

        var loaded = await PmAsync("run", "-n", "--trust", reference);
        Assert.True(loaded.Code is ExitCode.Ok, loaded.Talk);
        Assert.Contains("entered  tracepoint/syscalls/sys_enter_openat", loaded.Data, StringComparison.Ordinal);

        var @checked = await PmAsync("check", reference);
        Assert.Equal(await CheckedAsync("opens.bpf.o"), @checked.Data.Replace(reference, "opens.bpf.o", StringComparison.Ordinal));
    }

    /// <summary>Puts bytes into the directory of an image.</summary>
    /// <returns>What names them in a document, with more members.</returns>
    string Blob(string type, byte[] bytes, string more)
    {
        var digest = Convert.ToHexStringLower(SHA256.HashData(bytes));
        File.WriteAllBytes(InDirectory($"gadget/blobs/sha256/{digest}"), bytes);
        return $$"""{"mediaType": "{{type}}", "digest": "sha256:{{digest}}", "size": {{bytes.Length}},{{more}} }""";
    }

    async Task<string> CheckedAsync(string file) => (await PmAsync("check", file)).Data;

    string Manifest(string image) => Tool(Inspector, ["inspect", "--raw", "--tls-verify=false", $"docker://{image}"]);

    void Build(string[] words) => Tool(Builder, [.. Storage, "build", "--isolation", "chroot", .. Arguments, .. words, "."]);

    /// <summary>Of its own, with plain directories: it works on any file system, and goes with the test.</summary>
    string[] Storage => ["--root", InDirectory("store-of-images"), "--runroot", InDirectory("run-of-images"), "--storage-driver", "vfs"];

    string InDirectory(string name) => Path.Join(_directory, name);

    static string Object(string name) => Path.Join(AppContext.BaseDirectory, "objects", $"{name}.o");

    /// <returns>What it says.</returns>
    string Tool(string program, string[] words)
    {
        var start = new ProcessStartInfo(program, words) { WorkingDirectory = _directory, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["HOME"] = InDirectory("home");
        start.Environment["TMPDIR"] = _directory;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{Path.GetFileName(program)} {string.Join(' ', words)}: {errors.Result}");
        return said;
    }

    async Task<(ExitCode Code, string Data, string Talk)> PmAsync(params string[] words)
    {
        using var world = new World(environment: new Dictionary<string, string>
        {
            ["HOME"] = InDirectory("home"),
            ["PM_ROOT"] = InDirectory("root"),
            ["PM_STORE"] = InDirectory("store"),
            ["PM_CACHE"] = InDirectory("cache"),
        });
        world.Context = world.Context with { WorkingDirectory = _directory };
        var code = await world.RunAsync(words);
        return (code, world.Data, world.Talk);
    }
}
