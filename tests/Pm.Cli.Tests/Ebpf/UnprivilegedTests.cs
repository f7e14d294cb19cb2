using System.Runtime.InteropServices;
using Pm.Cli.Tests.Gear;
using Pm.Cli.Tests.Rpc;
using Pm.Ebpf.Probing;
using Pm.Linux;
using Xunit;

namespace Pm.Cli.Tests.Ebpf;

/// <summary>What a user without root is told, on the command line and over <c>pm rpc</c>, and that the capabilities that the message names are enough. Root is needed to become somebody else.</summary>
public sealed class UnprivilegedTests : IDisposable
{
    /// <summary>Tracing, its events' numbers in tracefs, and nothing else.</summary>
    const string Enough = "+bpf,+perfmon,+dac_read_search";

    readonly Sandbox _sandbox;
    readonly string _object;

    public UnprivilegedTests()
    {
        Assert.SkipUnless(new KernelProbe().Capabilities.Has(ProcessCapabilities.SystemAdmin), "only root becomes another user");
        Assert.SkipUnless(ProgramPath.Find("setpriv", "/usr/bin:/bin") is not null, "setpriv (util-linux) is not installed");
        _sandbox = new Sandbox(null);
        _sandbox.Shell($"chmod -R a+rwX {_sandbox.Top}");
        _object = Path.Join(_sandbox.Work, "opens.o");
        File.Copy(Path.Join(AppContext.BaseDirectory, "objects", "opens.o"), _object);
        if (Pm("", "version").Exit != 0)
        {
            _sandbox.Dispose();
            Assert.Skip($"another user may not run {AppContext.BaseDirectory}pm");
        }
    }

    public void Dispose() => _sandbox.Dispose();

    Dictionary<string, string> Environment => new(_sandbox.Environment) { ["DOTNET_ROOT"] = Path.GetFullPath("../../..", RuntimeEnvironment.GetRuntimeDirectory()) };

    [Theory, InlineData(""), InlineData("+dac_read_search"), InlineData("+bpf,+dac_read_search"), InlineData("+perfmon,+dac_read_search")]
    public void Without_the_capabilities_a_run_is_refused_and_says_which(string capabilities)
    {
        var result = Pm(capabilities, "run", _object);

        Assert.Equal(5, result.Exit);
        Assert.Equal($"pm: error[PM8030]: eBPF needs root or CAP_BPF and CAP_PERFMON (have: {Named(capabilities)})\nhint: `sudo pm run …`\n", result.Talk);
        Assert.Empty(result.Output);
    }

    [Fact]
    public void Where_tracefs_may_not_be_read_that_is_said_and_not_that_it_is_missing()
    {
        ObjectProcess.RequireKernel();

        var result = Pm("+bpf,+perfmon", "run", _object);

        Assert.Equal(5, result.Exit);
        Assert.Contains("error[PM8030]: program `entered` (tracepoint/syscalls/sys_enter_openat): tracefs may not be read: that needs CAP_DAC_READ_SEARCH (have: CAP_BPF, CAP_PERFMON)", result.Talk, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_of_the_network_names_the_capability_that_it_needs_besides()
    {
        ObjectProcess.RequireKernel();
        var packets = Path.Join(_sandbox.Work, "packets.o");
        File.Copy(Path.Join(AppContext.BaseDirectory, "objects", "packets.o"), packets);

        var result = Pm(Enough, "run", "--interface", "lo", packets);

        Assert.NotEqual(0, result.Exit);
        Assert.Contains("program `came` (tc): to load it needs CAP_NET_ADMIN (have: CAP_BPF, CAP_PERFMON, CAP_DAC_READ_SEARCH)\n", result.Talk, StringComparison.Ordinal);
        Assert.EndsWith("hint: `sudo pm run …`\n", result.Talk, StringComparison.Ordinal);
    }

    [Fact]
    public void With_them_a_tracepoint_program_runs()
    {
        ObjectProcess.RequireKernel();
        using var watched = new QuietProcess();
        using var running = new ObjectProcess(As(Enough), ["run", "--json", "--duration", "1h", _object, "--", "--pid", $"{watched.Id}"], Environment);
        Assert.True(running.IsAttached(), running.Said);

        watched.Open("/pm-unprivileged-is-not-there");

        Assert.Contains($"\"pid\":{watched.Id},", running.Await("/pm-unprivileged-is-not-there"), StringComparison.Ordinal);
        Assert.Equal(0, running.Interrupt());
    }

    [Fact]
    public async Task Over_rpc_the_same_error_has_its_code_hint_and_exit()
    {
        using var client = new RpcClient(As(""), Environment);
        client.Send($$$"""{"jsonrpc":"2.0","id":1,"method":"run","params":{"target":"{{{_object}}}"}}""");
        client.Send($$$"""{"jsonrpc":"2.0","id":2,"method":"run","params":{"target":"{{{_object}}}","detach":true}}""");

        const string expected = """{"code":5,"message":"eBPF needs root or CAP_BPF and CAP_PERFMON (have: none)","data":{"code":"PM8030","message":"eBPF needs root or CAP_BPF and CAP_PERFMON (have: none)","hint":"`sudo pm run …`","exit":5}}""";
        var answers = new[] { await client.NextAsync(), await client.NextAsync() }.Select(a => a!.Value).ToDictionary(a => a.GetProperty("id").GetInt32(), a => a.GetProperty("error").GetRawText());
        Assert.Equal([expected, expected], [answers[1], answers[2]]);
        Assert.Equal(0, await client.EndAsync());
    }

    [Fact]
    public async Task Over_rpc_the_capabilities_are_enough_too()
    {
        ObjectProcess.RequireKernel();
        using var watched = new QuietProcess();
        using var client = new RpcClient(As(Enough), Environment);
        client.Send($$$"""{"jsonrpc":"2.0","id":1,"method":"run","params":{"target":"{{{_object}}}","arguments":["--pid","{{{watched.Id}}}"]}}""");
        Assert.Equal("""{"id":1,"kind":"object","programs":["entered"],"maps":["events"],"refused":[]}""", (await client.AnswerAsync(1)).GetProperty("result").GetRawText());

        watched.Open("/pm-unprivileged-rpc-is-not-there");

        var told = await client.NextAsync(l => l.GetRawText().Contains("/pm-unprivileged-rpc-is-not-there", StringComparison.Ordinal));
        Assert.Equal(watched.Id, told.GetProperty("params").GetProperty("data").GetProperty("pid").GetInt32());
        client.Send("""{"jsonrpc":"2.0","id":2,"method":"stop","params":{"id":1}}""");
        Assert.Equal("""{"id":1,"code":0,"lost":0}""", (await client.AnswerAsync(2)).GetProperty("result").GetRawText());
    }

    StepResult Pm(string capabilities, params string[] words) => _sandbox.Run([.. As(capabilities), Path.Join(AppContext.BaseDirectory, "pm"), .. words], Environment, null);

    /// <summary>What starts a program as nobody, with these capabilities alone.</summary>
    static string[] As(string capabilities)
    {
        var all = capabilities.Length == 0 ? "-all" : $"-all,{capabilities}";
        return ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", $"--inh-caps={all}", $"--ambient-caps={all}", "--"];
    }

    static string Named(string capabilities) => capabilities.Length == 0 ? "none" : string.Join(", ", capabilities.Split(',').Select(c => $"CAP_{c[1..].ToUpperInvariant()}"));
}
