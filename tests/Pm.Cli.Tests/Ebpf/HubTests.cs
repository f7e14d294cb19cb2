using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Pm.Cli.Tests.Gear;
using Pm.Linux;
using Xunit;

namespace Pm.Cli.Tests.Ebpf;

/// <summary>The packages of examples/hub, all the way: built, published, installed by name, run; what they tell of is made to happen.</summary>
public sealed class HubTests
{
    static readonly string[] Names =
        ["bindsnoop", "bootstrap", "fentry-link", "kprobe-link", "lsm-connect", "mdflush", "minimal", "mountsnoop", "opensnoop", "sigsnoop", "tcpconnlat", "template"];

    [Fact]
    public async Task The_index_is_that_of_the_directories()
    {
        using var sandbox = new Sandbox(null);

        var index = await PmAsync(sandbox, "repo", "index", "--check", "-o", Path.Join(Hub(), "../README.md"), Hub());

        Assert.True(index.Exit == 0, index.Talk);
        Assert.Equal(Names, Directory.EnumerateDirectories(Hub()).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    /// <summary>What the README reads of an event is what the package tells.</summary>
    [Fact]
    public void The_programs_of_the_readme_read_what_there_is()
    {
        var root = Path.Join(Hub(), "../..");
        var header = File.ReadAllText(Path.Join(Hub(), "opensnoop/opensnoop.bpf.h"));

        var read = Regex.Matches(File.ReadAllText(Path.Join(root, "README.md")), @"event\[""(\w+)""\]").Select(m => m.Groups[1].Value).ToList();

        Assert.NotEmpty(read);
        Assert.All(read, name => Assert.Matches($@"\b{name}(\[|;)", header));
    }

    [Fact]
    public async Task All_are_built_published_installed_and_run()
    {
        RequireCompiler();
        using var sandbox = new Sandbox(null);
        await DoAsync(sandbox, "build", "--no-sign", "-o", "out/", Hub());
        await DoAsync(sandbox, "repo", "init", "repo");
        await DoAsync(sandbox, ["repo", "publish", "--repo", "repo", "--allow-unsigned", .. Names.Select(n => $"out/{n}-1.0.0.pkg")]);
        await DoAsync(sandbox, "remote", "add", "--trust-first-use", "--name", "main", "repo");
        await DoAsync(sandbox, "pull");
        await DoAsync(sandbox, ["install", "-y", "--allow-unsigned", .. Names]);

        Assert.All(Names, name => Assert.StartsWith($".TH {name.ToUpperInvariant().Replace("-", "\\-", StringComparison.Ordinal)} 8 ", File.ReadAllText(Path.Join(sandbox.Environment["PM_ROOT"], $"share/man/man8/{name}.8")), StringComparison.Ordinal));

        Assert.SkipUnless(SystemUser.EffectiveUserId == 0, "needs root");
        var flush = await PmAsync(sandbox, "run", "--duration", "1s", ObjectOf(sandbox, "mdflush"));
        Assert.SkipWhen(flush.Talk.Contains("PM8030", StringComparison.Ordinal), "needs CAP_BPF and CAP_PERFMON");
        Assert.True(flush.Exit == 0 || flush.Talk.Contains("md_flush_request", StringComparison.Ordinal), flush.Talk);
        var told = Names.Where(n => n != "mdflush").Select(name => (name, Told: Tells(sandbox, name))).ToList();

        Assert.All(told, t => Assert.True(t.Told.IsTold, $"{t.name}: {t.Told.Said}"));
    }

    [Theory]
    [InlineData("opensnoop", "opensnoop", "bootstrap")]
    [InlineData(".", "w", "template")]
    [InlineData(".", "w", "minimal", "-o", ".")]
    public async Task What_is_begun_builds_beside_its_directory_and_inside(string directory, string name, string template, params string[] behind)
    {
        RequireCompiler();
        using var sandbox = new Sandbox(null);

        var begun = await Runner.InProcess.RunAsync(["ebpm", "init", "--template", template, directory], sandbox, sandbox.Environment, null, onTerminal: false);
        var built = await Runner.InProcess.RunAsync(["ebpm", "build", .. behind is [] ? (string[])["--no-sign", name] : [name, "--no-sign", .. behind]], sandbox, sandbox.Environment, null, onTerminal: false);

        Assert.True(begun.Exit == 0 && built.Exit == 0, begun.Talk + built.Talk);
        Assert.True(File.Exists(Path.Join(sandbox.Work, $"{name}-0.1.0.pkg")));
        Assert.Equal(
            new[] { ".gitignore", "README.md", $"{template}.bpf.c", $"{template}.bpf.h", "config.json" }.Order(StringComparer.Ordinal),
            Directory.EnumerateFiles(Path.Join(sandbox.Work, directory)).Select(p => Path.GetFileName(p)!).Where(f => !f.EndsWith(".pkg", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    static void RequireCompiler()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/clang") && File.Exists("/usr/bin/llvm-strip") && File.Exists("/usr/include/bpf/bpf_helpers.h"), "there is no clang, llvm-strip or libbpf-dev");
        Assert.SkipUnless(File.Exists("/sys/kernel/btf/vmlinux"), "this kernel does not say its types");
    }

    /// <summary>Runs it, lets happen what it tells of, and reads until it has.</summary>
    static (bool IsTold, string Said) Tells(Sandbox sandbox, string name)
    {
        using var watched = new QuietProcess();
        var (options, flags, happen, expected) = Scene(name, watched);
        var start = new ProcessStartInfo(Path.Join(AppContext.BaseDirectory, "pm")) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = sandbox.Work };
        foreach (var word in (string[])["run", "--json", "--duration", "20s", .. options, ObjectOf(sandbox, name), "--", .. flags])
        {
            start.ArgumentList.Add(word);
        }

        foreach (var (variable, value) in sandbox.Environment)
        {
            start.Environment[variable] = value;
        }

        using var process = Process.Start(start)!;
        var said = "";
        try
        {
            while (!said.Contains(" attached", StringComparison.Ordinal) && process.StandardError.ReadLine() is { } line)
            {
                said += line + "\n";
            }

            happen(sandbox);
            while (process.StandardOutput.ReadLine() is { } line)
            {
                if (line.Contains(expected, StringComparison.Ordinal))
                {
                    return (true, said);
                }
            }

            return (false, said + process.StandardError.ReadToEnd());
        }
        finally
        {
            process.Kill();
            process.WaitForExit();
        }
    }

    static (string[] Options, string[] Flags, Action<Sandbox> Happen, string Expected) Scene(string name, QuietProcess watched)
    {
        var mark = $"/tmp/pm-hub-{Environment.ProcessId}";
        return name switch
        {
            "minimal" => ([], [], s => s.Shell("/bin/true"), "\"comm\":\"true\""),
            "bootstrap" => ([], [], s => s.Shell("/bin/true"), "\"filename\":\"/bin/true\""),
            "template" => ([], [], s => s.Shell($"mkdir {mark}; rmdir {mark}"), $"\"action\":\"DIR_REMOVED\",\"comm\":\"rmdir\",\"path\":\"{mark}\""),
            // Of all that a busy machine opens more may be lost than this one.
            "opensnoop" => ([], ["-p", $"{watched.Id}"], _ => watched.Open(mark), $"\"fname\":\"{mark}\""),
            "sigsnoop" => ([], [], s => s.Shell("sh -c 'trap : USR1; kill -USR1 $$'"), "\"sig\":10"),
            "mountsnoop" => ([], [], s => s.Shell($"unshare -m sh -c 'mkdir {mark}; mount -t tmpfs none {mark}; umount {mark}; rmdir {mark}'"), $"\"target\":\"{mark}\""),
            "bindsnoop" => ([], [], _ => Connect(), $"\"pid\":{Environment.ProcessId},\"uid\":0,\"family\":\"FAMILY_IPV4\",\"port\":0,\"addr\":\"127.0.0.1\""),
            "tcpconnlat" => ([], [], _ => Connect(), $"\"pid\":{Environment.ProcessId},"),
            "fentry-link" or "kprobe-link" => ([], [], s => s.Shell($"touch {mark}; rm {mark}"), $"\"path\":\"{mark}\""),
            "lsm-connect" => (Group(), ["-a", "192.0.2.1"], _ => Refuse(), "\"addr\":\"192.0.2.1\""),
            _ => throw new UnreachableException(),
        };
    }

    /// <summary>Where control groups of the second kind are, which the fall-back needs.</summary>
    static string[] Group() => File.ReadLines("/proc/mounts").Select(l => l.Split(' ')).FirstOrDefault(m => m[2] == "cgroup2") is { } mount ? ["--cgroup", mount[1]] : [];

    static void Connect()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new TcpClient();
        client.Connect((IPEndPoint)listener.LocalEndpoint);
    }

    /// <summary>An address that is nobody's (RFC 5737).</summary>
    static void Refuse()
    {
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
        Assert.Equal(SocketError.AccessDenied, Assert.Throws<SocketException>(() => client.Connect(IPAddress.Parse("192.0.2.1"), 9)).SocketErrorCode);
    }

    static async Task DoAsync(Sandbox sandbox, params string[] words)
    {
        var result = await PmAsync(sandbox, words);
        Assert.True(result.Exit == 0, $"pm {string.Join(' ', words)}: {result.Exit}\n{result.Talk}");
    }

    static Task<StepResult> PmAsync(Sandbox sandbox, params string[] words) => Runner.InProcess.RunAsync(["pm", .. words], sandbox, sandbox.Environment, null, onTerminal: false);

    static string ObjectOf(Sandbox sandbox, string name) => Path.Join(sandbox.Environment["PM_ROOT"], $"lib/bpf/{name}.bpf.o");

    static string Hub([CallerFilePath] string here = "") => Path.GetFullPath(Path.Join(Path.GetDirectoryName(here), "../../../examples/hub"));
}
