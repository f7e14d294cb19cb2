using System.Text.Json;
using Pm.Cli.Tests.Ebpf;
using Pm.Ebpf.Probing;
using Xunit;

namespace Pm.Cli.Tests;

/// <summary>What runs on its own, from its start to its end, by the command line. Each has a name that no other process uses.</summary>
public sealed class DetachedTests : IDisposable
{
    readonly string _directory = Directory.CreateTempSubdirectory("pm-detached-").FullName;
    readonly string _name = $"detached-{Environment.ProcessId}";

    string Object => Path.Join(_directory, _name + ".bpf.o");

    public DetachedTests()
    {
        var kernel = new KernelProbe();
        Assert.SkipUnless(kernel.MayTrace, $"loading eBPF programs needs root or CAP_BPF and CAP_PERFMON (have: {kernel.Capabilities})");
        Assert.SkipUnless(kernel.TryMountTracefs() && KernelProbe.TryMountBpffs(), "tracefs or bpffs is not mounted");
        File.Copy(Path.Join(AppContext.BaseDirectory, "objects", "opens.o"), Object);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task It_is_started_listed_read_and_stopped_by_its_name()
    {
        using var watched = new QuietProcess();
        Assert.Equal((ExitCode.Ok, $"{_name}/1\n"), await PmAsync("run", "-q", "-d", Object, "--", "--pid", $"{watched.Id}"));
        try
        {
            Assert.Contains(_name, (await PmAsync("ps")).Data, StringComparison.Ordinal);
            watched.Open("/pm-detached-is-not-there");

            var (_, events) = await PmAsync("logs", "--json", _name);

            var opened = Assert.Single(
                events.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement), e => e.GetProperty("name").GetString() == "/pm-detached-is-not-there");
            Assert.Equal(watched.Id, opened.GetProperty("pid").GetInt32());

            Assert.Equal((ExitCode.Ok, $"{_name}/2\n"), await PmAsync("run", "-q", "-d", Object));
            Assert.Equal(ExitCode.Usage, (await PmAsync("logs", _name)).Code);
            Assert.Equal(ExitCode.Usage, (await PmAsync("stop", _name)).Code);
            Assert.Equal(ExitCode.Ok, (await PmAsync("stop", "-n", $"{_name}/2", $"{_name}/1")).Code);
            var (_, stopped) = await PmAsync("stop", "--json", $"{_name}/2", $"{_name}/1", $"{_name}/2");
            Assert.Equal(
                [$"{_name}/2", $"{_name}/1"],
                JsonDocument.Parse(stopped).RootElement.GetProperty("data").GetProperty("names").EnumerateArray().Select(n => n.GetString()));
            Assert.DoesNotContain(_name, (await PmAsync("ps", "--json")).Data, StringComparison.Ordinal);
            Assert.Equal(ExitCode.NotFound, (await PmAsync("stop", _name)).Code);
            Assert.Equal(ExitCode.NotFound, (await PmAsync("logs", _name)).Code);
        }
        finally
        {
            await PmAsync("stop", $"{_name}/1");
            await PmAsync("stop", $"{_name}/2");
        }
    }

    [Fact]
    public async Task What_ends_by_itself_is_not_detached()
    {
        Assert.Equal(ExitCode.Usage, (await PmAsync("run", "-d", "--duration", "1s", Object)).Code);
        Assert.Equal(ExitCode.Usage, (await PmAsync("run", "-d", "--text", Object)).Code);
        Assert.Equal(ExitCode.Usage, (await PmAsync("stop")).Code);
        Assert.Equal(ExitCode.Usage, (await PmAsync("stop", "--all", "x")).Code);
    }

    [Fact]
    public async Task A_dry_run_keeps_nothing()
    {
        Assert.Equal(ExitCode.Ok, (await PmAsync("run", "-n", "-d", Object)).Code);
        Assert.DoesNotContain(_name, (await PmAsync("ps")).Data, StringComparison.Ordinal);
    }

    static async Task<(ExitCode Code, string Data)> PmAsync(params string[] words)
    {
        using var world = new World();
        var code = await world.RunAsync(words);
        return (code, world.Data);
    }
}
