using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Pm.Cli.Tests.Gear;
using Pm.Ebpf.Probing;
using Pm.Linux;
using Xunit;

namespace Pm.Cli.Tests.Bindings;

/// <summary>The same program in each language: what it prints says that its binding runs programs and objects, tells events, stops, and names errors. Each with its own tool chain, without a network.</summary>
public class BindingTests
{
    static readonly string Here = Directory();

    static string Bindings => Path.GetFullPath("../../../bindings", Here);

    static string Programs => Path.Join(Here, "programs");

    [Fact]
    public void Python() => Tells("python3", sandbox => (["python3", $"{Programs}/tell.py"], [("PYTHONPATH", $"{Bindings}/python"), ("PYTHONDONTWRITEBYTECODE", "1")]));

    [Fact]
    public void Ruby() => Tells("ruby", sandbox => (["ruby", "-I", $"{Bindings}/ruby/lib", $"{Programs}/tell.rb"], []));

    [Fact]
    public void Php() => Tells("php", sandbox => (["php", $"{Programs}/tell.php"], [("EBPM_PHP", $"{Bindings}/php/Ebpm.php")]));

    [Fact]
    public void Node() => Tells("node", sandbox =>
    {
        // As npm has it: a package below node_modules.
        Succeeds(sandbox.Shell($"mkdir node_modules; ln -s {Bindings}/node node_modules/ebpm; cp {Programs}/tell.js ."));
        return (["node", "tell.js"], []);
    });

    [Fact]
    public void Go() => Tells("go", sandbox =>
    {
        Succeeds(sandbox.Shell($"mkdir tell; cp {Programs}/go/main.go tell; printf 'module tell\\n\\ngo 1.19\\n\\nrequire ebpm v0.1.0\\n\\nreplace ebpm => {Bindings}/go\\n' > tell/go.mod"));
        Succeeds(sandbox.Shell($"cd tell; {OfGo} go vet . ebpm; {OfGo} go build -o ../told ."));
        return ([Path.Join(sandbox.Work, "told")], []);
    });

    [Fact]
    public void CSharp() => Tells("dotnet", sandbox =>
    {
        Succeeds(sandbox.Shell($"mkdir tell; cp {Bindings}/csharp/*.cs tell; cp {Programs}/csharp/Tell.cs.txt tell/Tell.cs; cp {Programs}/csharp/Tell.csproj.txt tell/Tell.csproj"));
        Succeeds(sandbox.Run(
            ["dotnet", "build", "tell", "-o", "told", "-nologo", "-v", "quiet", "-warnaserror"],
            new Dictionary<string, string>(sandbox.Environment) { ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1", ["DOTNET_NOLOGO"] = "1", ["MSBUILDDISABLENODEREUSE"] = "1", ["DOTNET_CLI_HOME"] = sandbox.Top, ["DOTNET_ROOT"] = Framework }, null));
        return (["dotnet", "told/Tell.dll"], []);
    });

    /// <summary>No network, no module cache of the user's.</summary>
    const string OfGo = "GOFLAGS=-mod=mod GOPROXY=off GOTOOLCHAIN=local GOCACHE=$SANDBOX/go-cache GOPATH=$SANDBOX/go";

    static string Framework { get; } = Path.GetFullPath("../../..", RuntimeEnvironment.GetRuntimeDirectory());

    static void Tells(string tool, Func<Sandbox, (string[] Command, (string Name, string Value)[] Variables)> prepare)
    {
        Assert.SkipUnless(ProgramPath.Find(tool, "/usr/local/bin:/usr/bin:/bin") is not null, $"{tool} is not installed");
        var kernel = new KernelProbe();
        Assert.SkipWhen(kernel.MayTrace && !kernel.TryMountTracefs(), "tracefs is not mounted");
        using var sandbox = new Sandbox(null);
        var (command, variables) = prepare(sandbox);
        var environment = new Dictionary<string, string>(sandbox.Environment) { ["PM_EXECUTABLE"] = Path.Combine(AppContext.BaseDirectory, "pm"), ["DOTNET_ROOT"] = Framework };
        foreach (var (name, value) in variables)
        {
            environment[name] = value;
        }

        var result = sandbox.Run([.. command, Path.GetFullPath("../../Pm.Ebpf.Tests/objects/opens.o", Here), $"/pm-is-not-there-{tool}"], environment, null);

        var ofObject = kernel.MayTrace ? "attached entered\nevent True\nend 0 0\n" : "refused PM8030 5\n";
        Assert.Equal(
            $"version {Product.Version}\nline one\nline two\nend 7 program\nline begun\nend 130 0\nrefused PM0008 4\n{ofObject}{ofObject}",
            Encoding.UTF8.GetString(result.Output) + result.Talk);
    }

    static void Succeeds(StepResult result) => Assert.True(result.Exit == 0, Encoding.UTF8.GetString(result.Output) + result.Talk);

    static string Directory([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;
}
