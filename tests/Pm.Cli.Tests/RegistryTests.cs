using System.Text.Json;
using Pm.Remotes.Tests.Oci;
using Xunit;

namespace Pm.Cli.Tests;

/// <summary>A registry of containers, from the command line.</summary>
public sealed class RegistryTests : IDisposable
{
    readonly string _directory = Directory.CreateTempSubdirectory("pm-registry-cli-").FullName;

    static string Object => Path.Join(AppContext.BaseDirectory, "objects", "opens.o");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("bpfman")]
    [InlineData("gadget")]
    public async Task An_object_is_pushed_pulled_and_run(string form)
    {
        using var registry = new RegistryProgram();
        var reference = $"oci://{registry.Host}/tools/opens:1.0";

        Assert.Equal(ExitCode.Ok, (await PmAsync("pkg", "push", "-n", "--form", form, Object, reference)).Code);
        Assert.Equal(ExitCode.NotFound, (await PmAsync("pkg", "pull", reference)).Code);
        Assert.Equal(ExitCode.Ok, (await PmAsync("pkg", "push", "--form", form, Object, reference)).Code);
        Assert.Equal(ExitCode.Ok, (await PmAsync("pkg", "pull", "-n", reference)).Code);
        Assert.False(File.Exists(Path.Join(_directory, "opens.bpf.o")));
        var pulled = Data(await PmAsync("pkg", "pull", "--json", reference));
        Assert.Equal(form, pulled.GetProperty("form").GetString());
        Assert.Equal(File.ReadAllBytes(Object), File.ReadAllBytes(Path.Join(_directory, "opens.bpf.o")));
        Assert.Equal(ExitCode.Conflict, (await PmAsync("pkg", "pull", reference)).Code);
        Assert.Equal(ExitCode.Ok, (await PmAsync("pkg", "pull", "--force", reference)).Code);

        var refused = await PmAsync("run", "-n", reference);
        Assert.Equal(ExitCode.Refused, refused.Code);
        Assert.Contains("PM1104", refused.Talk, StringComparison.Ordinal);
        Assert.Contains("would load", (await PmAsync("run", "-n", "--trust", reference)).Data, StringComparison.Ordinal);
        Assert.Contains("would load", (await PmAsync("run", "-n", pulled.GetProperty("reference").GetString()!)).Data, StringComparison.Ordinal);
    }

    /// <summary>As it is, whoever pushed it: other tools call any JSON so.</summary>
    [Fact]
    public async Task A_package_of_eunomias_is_pushed_pulled_and_run()
    {
        using var registry = new RegistryProgram();
        var reference = $"oci://{registry.Host}/tools/eunomia:1.0";
        Assert.Equal(ExitCode.Ok, (await PmAsync("pkg", "convert", Object, "package.json")).Code);

        var pushed = Data(await PmAsync("pkg", "push", "--json", "package.json", reference));
        var pulled = Data(await PmAsync("pkg", "pull", "--json", reference));

        Assert.Equal(("eunomia", "eunomia"), (pushed.GetProperty("form").GetString(), pulled.GetProperty("form").GetString()));
        Assert.Equal(File.ReadAllBytes(Path.Join(_directory, "package.json")), File.ReadAllBytes(pulled.GetProperty("file").GetString()!));
        Assert.Contains("would load", (await PmAsync("run", "-n", "--trust", reference)).Data, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, (await PmAsync("pkg", "push", "--form", "bpfman", "package.json", reference)).Code);
    }

    [Fact]
    public async Task A_package_is_pushed_run_and_installed_with_its_signature_asked_for()
    {
        using var registry = new RegistryProgram();
        var reference = $"oci://{registry.Host}/tools/hi:1.0";
        Directory.CreateDirectory(Path.Join(_directory, "hi/root/bin"));
        File.WriteAllText(Path.Join(_directory, "hi/meta.yaml"), "name: hi\nversion: 1.0.0\ndescription: says hi\n");
        File.WriteAllText(Path.Join(_directory, "hi/root/bin/hi"), "#!/bin/sh\necho hi \"$@\"\n");
        File.SetUnixFileMode(Path.Join(_directory, "hi/root/bin/hi"), (UnixFileMode)0x1ed);
        Assert.Equal(ExitCode.Ok, (await PmAsync("pkg", "create", "--no-sign", "hi")).Code);

        var pushed = Data(await PmAsync("pkg", "push", "--json", "hi-1.0.0.pkg", reference)).GetProperty("reference").GetString()!;

        Assert.Equal(ExitCode.Refused, (await PmAsync("install", "-y", pushed)).Code);
        Assert.Equal((ExitCode.Ok, "hi there\n"), await DataAsync("run", "-q", "--allow-unsigned", pushed, "--", "there"));
        Assert.Equal(ExitCode.Ok, (await PmAsync("install", "-y", "--allow-unsigned", pushed)).Code);
        Assert.True(File.Exists(Path.Join(_directory, "root/bin/hi")));
    }

    [Fact]
    public async Task What_cannot_be_is_said_before_anybody_is_asked()
    {
        Assert.Equal(ExitCode.Usage, (await PmAsync("pkg", "pull", "ghcr.io/a")).Code);
        Assert.Equal(ExitCode.Usage, (await PmAsync("pkg", "push", Object, $"oci://h.example/a@sha256:{new string('0', 64)}")).Code);
        Assert.Equal(ExitCode.Usage, (await PmAsync("pkg", "push", "--form", "pm", Object, "oci://h.example/a")).Code);
        Assert.Equal(ExitCode.Usage, (await PmAsync("pkg", "push", "--form", "other", Object, "oci://h.example/a")).Code);
        Assert.Equal(ExitCode.NotFound, (await PmAsync("pkg", "push", "nothing", "oci://h.example/a")).Code);
        Assert.Equal(ExitCode.Unreachable, (await PmAsync("run", "--offline", "--trust", "oci://h.example/a")).Code);
    }

    static JsonElement Data((ExitCode Code, string Data, string Talk) result)
    {
        Assert.True(result.Code is ExitCode.Ok, result.Talk);
        return JsonDocument.Parse(result.Data).RootElement.GetProperty("data");
    }

    async Task<(ExitCode Code, string Data)> DataAsync(params string[] words) => await PmAsync(words) is var result ? (result.Code, result.Data) : default;

    async Task<(ExitCode Code, string Data, string Talk)> PmAsync(params string[] words)
    {
        using var world = new World(environment: new Dictionary<string, string>
        {
            ["HOME"] = Path.Join(_directory, "home"),
            ["PM_ROOT"] = Path.Join(_directory, "root"),
            ["PM_STORE"] = Path.Join(_directory, "store"),
            ["PM_CACHE"] = Path.Join(_directory, "cache"),
        });
        world.Context = world.Context with { WorkingDirectory = _directory };
        var code = await world.RunAsync(words);
        return (code, world.Data, world.Talk);
    }
}
