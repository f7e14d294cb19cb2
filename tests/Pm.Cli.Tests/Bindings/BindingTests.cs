using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Pm.Cli.Tests.Gear;
using Pm.Ebpf.Probing;
using Pm.Linux;
using Xunit;

namespace Pm.Cli.Tests.Bindings;

/// <summary>
/// The same two programs in each language: what they print says that its binding runs programs and objects, tells events, stops, names errors, and has a word for what pm does with packages and with
/// objects that run on their own. Each with its own tool chain, without a network. What they stop is no shell, which passes an interruption over that comes just when it starts a program.
/// </summary>
public class BindingTests
{
    static readonly string Here = Directory();

    static string Bindings => Path.GetFullPath("../../../bindings", Here);

    static string Programs => Path.Join(Here, "programs");

    /// <summary>In the place of pm: it is gone before it is asked to stop what runs.</summary>
    static string Ending => Path.Join(Programs, "pm-that-ends");

    static string Executable => Path.Combine(AppContext.BaseDirectory, "pm");

    /// <summary>The program that runs things and hears of them, and the one that manages packages and what runs on its own.</summary>
    const string Tell = "tell";
    const string Manage = "manage";

    [Theory, InlineData(Tell), InlineData(Manage)]
    public void Python(string program) => Runs(program, "python3", sandbox => (["python3", $"{Programs}/{program}.py"], [("PYTHONPATH", $"{Bindings}/python"), ("PYTHONDONTWRITEBYTECODE", "1")]));

    [Theory, InlineData(Tell), InlineData(Manage)]
    public void Ruby(string program) => Runs(program, "ruby", sandbox => (["ruby", "-I", $"{Bindings}/ruby/lib", $"{Programs}/{program}.rb"], []));

    [Theory, InlineData(Tell), InlineData(Manage)]
    public void Php(string program) => Runs(program, "php", sandbox => (["php", $"{Programs}/{program}.php"], [("EBPM_PHP", $"{Bindings}/php/Ebpm.php")]));

    [Theory, InlineData(Tell), InlineData(Manage)]
    public void Node(string program) => Runs(program, "node", sandbox =>
    {
        // As npm has it: a package below node_modules.
        Succeeds(sandbox.Shell($"mkdir node_modules; ln -s {Bindings}/node node_modules/ebpm; cp {Programs}/{program}.js ."));
        return (["node", $"{program}.js"], []);
    });

    [Theory, InlineData(Tell), InlineData(Manage)]
    public void Go(string program) => Runs(program, "go", sandbox =>
    {
        Succeeds(sandbox.Shell($"mkdir use; cp {Programs}/{(program == Tell ? "go" : "go-manage")}/main.go use; printf 'module use\\n\\ngo 1.19\\n\\nrequire ebpm v0.1.0\\n\\nreplace ebpm => {Bindings}/go\\n' > use/go.mod"));
        Succeeds(sandbox.Shell($"cd use; {OfGo} go vet . ebpm; {OfGo} go build -o ../used ."));
        return ([Path.Join(sandbox.Work, "used")], []);
    });

    [Theory, InlineData(Tell), InlineData(Manage)]
    public void CSharp(string program) => Runs(program, "dotnet", sandbox =>
    {
        var source = program == Tell ? "Tell" : "Manage";
        Succeeds(sandbox.Shell($"mkdir use; cp {Bindings}/csharp/*.cs use; cp {Programs}/csharp/{source}.cs.txt use/{source}.cs; cp {Programs}/csharp/Tell.csproj.txt use/Use.csproj"));
        Succeeds(sandbox.Run(
            ["dotnet", "build", "use", "-o", "used", "-nologo", "-v", "quiet", "-warnaserror"],
            new Dictionary<string, string>(sandbox.Environment) { ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1", ["DOTNET_NOLOGO"] = "1", ["MSBUILDDISABLENODEREUSE"] = "1", ["DOTNET_CLI_HOME"] = sandbox.Top, ["DOTNET_ROOT"] = Framework }, null));
        return (["dotnet", "used/Use.dll"], []);
    });

    /// <summary>No network, no module cache of the user's.</summary>
    const string OfGo = "GOFLAGS=-mod=mod GOPROXY=off GOTOOLCHAIN=local GOCACHE=$SANDBOX/go-cache GOPATH=$SANDBOX/go";

    static string Framework { get; } = Path.GetFullPath("../../..", RuntimeEnvironment.GetRuntimeDirectory());

    static void Runs(string program, string tool, Func<Sandbox, (string[] Command, (string Name, string Value)[] Variables)> prepare)
    {
        Assert.SkipUnless(ProgramPath.Find(tool, "/usr/local/bin:/usr/bin:/bin") is not null, $"{tool} is not installed");
        var kernel = new KernelProbe();
        Assert.SkipWhen(kernel.MayTrace && !(kernel.TryMountTracefs() && KernelProbe.TryMountBpffs()), "tracefs or bpffs is not mounted");
        using var sandbox = new Sandbox(null);
        var (command, variables) = prepare(sandbox);
        var environment = new Dictionary<string, string>(sandbox.Environment) { ["PM_EXECUTABLE"] = Executable, ["DOTNET_ROOT"] = Framework };
        foreach (var (variable, value) in variables)
        {
            environment[variable] = value;
        }

        var file = Path.GetFullPath("../../Pm.Ebpf.Tests/objects/opens.o", Here);
        if (program == Tell)
        {
            Assert.Equal(Told(kernel.MayTrace), Text(sandbox.Run([.. command, file, $"/pm-is-not-there-{tool}", Ending], environment, null)));
            return;
        }

        // What runs on its own is called as its file, and others run beside it.
        var name = $"managed-{tool}-{Environment.ProcessId}";
        File.Copy(file, Path.Join(sandbox.Work, $"{name}.bpf.o"));
        MakeRemote(sandbox);
        try
        {
            Assert.Equal(Managed(kernel.MayTrace), Text(sandbox.Run([.. command, $"{sandbox.Work}/{name}.bpf.o", $"/pm-is-not-there-managed-{tool}", "project"], environment, null)));
        }
        finally
        {
            sandbox.Run([Executable, "stop", name], environment, null);
        }
    }

    static string Told(bool mayTrace)
    {
        var ofObject = mayTrace ? "attached entered\nevent True\nend 0 0\n" : "refused PM8030 5\n";
        return $"version {Product.Version}\nline one\nline two\nend 7 program\nline begun\nend 130 0\nrefused PM0008 4\n{ofObject}{ofObject}end 130\nrefused PM8081 1\nrefused PM0008 4\nrefused PM0008 4\n";
    }

    static string Managed(bool mayTrace) =>
        "search hello 1.0.0\ninstall hello\nlist hello\ninfo 1.0.0\ncheck entered\nupdate 0\nget hello\nremove hello\nlist\nversion True\nrefused PM7002 4\n"
        + (mayTrace ? "detached entered\nps 1\nevent True\nend 0 0 True\nstop True\nrefused PM8056 4\n" : "refused PM8030 5\n");

    /// <summary>A remote with one package, which the root knows and has not asked yet what there is.</summary>
    static void MakeRemote(Sandbox sandbox)
    {
        Succeeds(sandbox.Shell("mkdir -p t/bin project; echo hello > t/bin/hello; mkpkg hello 1.0.0 t; printf '[dependencies]\\n' > project/pm.toml"));
        Pm(sandbox, "repo", "init", "-q", "repo");
        Pm(sandbox, "repo", "publish", "-q", "--repo", "repo", "--allow-unsigned", "hello-1.0.0.pkg");
        Pm(sandbox, "remote", "add", "-q", "--trust-first-use", "--name", "main", "repo");
    }

    static void Pm(Sandbox sandbox, params string[] words) => Succeeds(sandbox.Run([Executable, .. words], new Dictionary<string, string>(sandbox.Environment) { ["DOTNET_ROOT"] = Framework }, null));

    static string Text(StepResult result) => Encoding.UTF8.GetString(result.Output) + result.Talk;

    static void Succeeds(StepResult result) => Assert.True(result.Exit == 0, Encoding.UTF8.GetString(result.Output) + result.Talk);

    static string Directory([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;
}
