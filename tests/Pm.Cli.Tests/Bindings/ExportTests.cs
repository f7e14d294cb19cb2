using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Pm.Cli.Tests.Gear;
using Pm.Ebpf.Probing;
using Pm.Linux;
using Pm.Stages.Running;
using Xunit;

namespace Pm.Cli.Tests.Bindings;

/// <summary>What <c>pm export</c> makes of a package with an eBPF object is taken by each language's own tools, without a network, and tells events.</summary>
public class ExportTests
{
    const string Missing = "/pm-export-is-not-there";

    static readonly string Here = Directory();

    static string Programs => Path.Join(Here, "programs/export");

    [Fact]
    public void Python_imports_it() => Uses("pypi", "python3", sandbox => (["python3", $"{Programs}/use.py"], [("PYTHONPATH", $"{sandbox.Work}/ebpm-opens"), ("PYTHONDONTWRITEBYTECODE", "1")]));

    [Fact]
    public void Pip_builds_and_installs_it() => Uses("pypi", "pip3", sandbox =>
    {
        Succeeds(sandbox.Shell("pip3 install --quiet --no-index --no-cache-dir --disable-pip-version-check --root-user-action ignore --target installed ./ebpm-opens; [ -f installed/ebpm_opens-1.0.0.dist-info/RECORD ]; rm -r ebpm-opens"));
        return (["python3", $"{Programs}/use.py"], [("PYTHONPATH", $"{sandbox.Work}/installed"), ("PYTHONDONTWRITEBYTECODE", "1")]);
    });

    [Fact]
    public void Go_builds_it() => Uses("go", "go", sandbox =>
    {
        Succeeds(sandbox.Shell($"mkdir use; cp {Programs}/use.go use; printf 'module use\\n\\ngo 1.19\\n\\nrequire ebpm-opens v0.0.0\\n\\nreplace ebpm-opens => ../ebpm-opens\\n' > use/go.mod"));
        Succeeds(sandbox.Shell("""[ -z "$(command -v gofmt)" ] || [ -z "$(gofmt -l ebpm-opens)" ]"""));
        Succeeds(sandbox.Shell("cd use; GOFLAGS=-mod=mod GOPROXY=off GOTOOLCHAIN=local GOCACHE=$SANDBOX/go-cache GOPATH=$SANDBOX/go go build -o ../used ."));
        return ([Path.Join(sandbox.Work, "used")], []);
    });

    [Fact]
    public void Npm_packs_and_installs_it() => Uses("npm", "npm", sandbox =>
    {
        Succeeds(sandbox.Shell($"npm pack --silent ./ebpm-opens; mkdir use; cp {Programs}/use.js use; cd use; npm install --silent --offline --no-audit --no-fund ../ebpm-opens-1.0.0.tgz"));
        return (["node", "use/use.js"], []);
    });

    [Fact]
    public void Gem_builds_and_installs_it_as_the_hint_says_and_it_is_exported_again() => Uses("gem", "gem", (sandbox, hint, again) =>
    {
        Succeeds(sandbox.Run(["/bin/sh", "-euc", hint], new Dictionary<string, string>(sandbox.Environment) { ["GEM_HOME"] = $"{sandbox.Work}/gems" }, null));
        Succeeds(again());
        return (["ruby", $"{Programs}/use.rb"], [("GEM_HOME", $"{sandbox.Work}/gems")]);
    });

    /// <summary>The examples run as they stand, one behind the other, against a pm that answers and tells one event.</summary>
    [Theory]
    [InlineData("npm", "node", "mjs")]
    [InlineData("pypi", "python3", "py")]
    [InlineData("gem", "ruby", "rb")]
    public void Its_readme_shows_how_it_is_used_and_given_flags(string form, string tool, string extension) => Shows(form, tool, (sandbox, examples) =>
    {
        Succeeds(sandbox.Shell("mkdir node_modules; ln -s ../ebpm-opens node_modules/ebpm-opens"));
        File.WriteAllLines(Path.Join(sandbox.Work, $"use.{extension}"), examples);
        return [tool, $"use.{extension}"];
    });

    [Fact]
    public void The_readme_for_go_shows_how_it_is_used_and_given_flags() => Shows("go", "go", (sandbox, examples) =>
    {
        var (import, use) = (examples[0].Split('\n')[0], examples[0][examples[0].IndexOf('\n')..]);
        Succeeds(sandbox.Shell("mkdir use; printf 'module use\\n\\ngo 1.19\\n\\nrequire ebpm-opens v0.0.0\\n\\nreplace ebpm-opens => ../ebpm-opens\\n' > use/go.mod"));
        File.WriteAllText(Path.Join(sandbox.Work, "use/use.go"), $"package main\n\nimport \"fmt\"\n{import}\n\nfunc main() {{\n{use}\n_ = end\n{examples[1]}\n_, _ = run, err\n}}\n");
        Succeeds(sandbox.Shell("cd use; GOFLAGS=-mod=mod GOPROXY=off GOTOOLCHAIN=local GOCACHE=$SANDBOX/go-cache GOPATH=$SANDBOX/go go build -o ../used ."));
        return [Path.Join(sandbox.Work, "used")];
    });

    [Theory]
    [InlineData("'--pid', 42", """["--pid","42"]""", null)]
    [InlineData("['--pid', 42]", """["--pid","42"]""", null)]
    [InlineData("'--pid', '42', { duration: '1m' }", """["--pid","42"]""", "1m")]
    [InlineData("['--pid', '42'], { duration: '1m' }", """["--pid","42"]""", "1m")]
    [InlineData("{ duration: '1m' }", "[]", "1m")]
    [InlineData("", "[]", null)]
    [InlineData("['--pid', '42'], undefined", """["--pid","42"]""", null)]
    [InlineData("undefined, { duration: '1m' }", "[]", "1m")]
    public void Npm_takes_flags_one_by_one_or_as_an_array_and_options_behind_them(string call, string flags, string? duration)
    {
        Assert.SkipUnless(ProgramPath.Find("node", "/usr/local/bin:/usr/bin:/bin") is not null, "node is not installed");
        using var sandbox = new Sandbox(null);
        var environment = EnvironmentOf(sandbox);
        MakePackage(sandbox);
        Succeeds(Export(sandbox, environment, "npm"));

        Succeeds(sandbox.Run(["node", "-e", $"require('./ebpm-opens').openAndRun({call}).then((run) => run.stop())"], Recording(sandbox, environment), null));

        var asked = Assert.Single(Requests(sandbox));
        Assert.Equal((flags, duration), (asked.GetProperty("arguments").GetRawText(), asked.TryGetProperty("duration", out var time) ? time.GetString() : null));
        Assert.True(asked.GetProperty("allowUnsigned").GetBoolean());
    }

    /// <summary>Help needs no kernel, and ends as a program does that wrote it.</summary>
    [Fact]
    public void Python_shows_its_help()
    {
        Assert.SkipUnless(ProgramPath.Find("python3", "/usr/local/bin:/usr/bin:/bin") is not null, "python3 is not installed");
        using var sandbox = new Sandbox(null);
        var environment = EnvironmentOf(sandbox);
        MakePackage(sandbox);
        Succeeds(Export(sandbox, environment, "pypi"));
        environment["PYTHONPATH"] = $"{sandbox.Work}/ebpm-opens";

        var result = sandbox.Run(["python3", "-B", "-m", "ebpm_opens", "--help"], environment, null);

        Succeeds(result);
        Assert.Contains("--target-pid", Encoding.UTF8.GetString(result.Output));
    }

    /// <param name="form">What is exported.</param>
    /// <param name="tool">What it is for.</param>
    /// <param name="prepare">Of the sandbox and the examples: what runs them.</param>
    static void Shows(string form, string tool, Func<Sandbox, string[], string[]> prepare)
    {
        Assert.SkipUnless(ProgramPath.Find(tool, "/usr/local/bin:/usr/bin:/bin") is not null, $"{tool} is not installed");
        using var sandbox = new Sandbox(null);
        var environment = EnvironmentOf(sandbox);
        MakePackage(sandbox);
        Succeeds(Export(sandbox, environment, form));
        var readme = File.ReadAllText(Path.Join(sandbox.Work, "ebpm-opens/README.md"));
        var command = prepare(sandbox, [.. readme.Split("\n```").Where((_, i) => i % 2 == 1).Select(block => block[(block.IndexOf('\n', StringComparison.Ordinal) + 1)..])]);
        environment["PYTHONPATH"] = $"{sandbox.Work}/ebpm-opens";
        environment["PYTHONDONTWRITEBYTECODE"] = "1";
        environment["RUBYLIB"] = $"{sandbox.Work}/ebpm-opens/lib";

        var result = sandbox.Run(command, Recording(sandbox, environment), null);

        Succeeds(result);
        Assert.Contains("/etc/nothing", Encoding.UTF8.GetString(result.Output));
        var asked = Requests(sandbox);
        Assert.Equal("[]", asked[0].GetProperty("arguments").GetRawText());
        Assert.Equal(("--pid 42", "1m"), (string.Join(' ', asked[^1].GetProperty("arguments").EnumerateArray().Select(a => a.GetString())), asked[^1].GetProperty("duration").GetString()));
        // What it says of help holds.
        var help = readme.Split("`pm run ")[1].Split('`')[0];
        var shown = sandbox.Run(["/bin/sh", "-euc", $"cd ebpm-opens; $PM run {help}"], new Dictionary<string, string>(environment) { ["PM"] = EnvironmentOf(sandbox)["PM_EXECUTABLE"] }, null);
        Succeeds(shown);
        Assert.Contains("--target-pid", Encoding.UTF8.GetString(shown.Output));
    }

    /// <summary>With a pm that writes down what it is asked.</summary>
    static Dictionary<string, string> Recording(Sandbox sandbox, Dictionary<string, string> environment)
    {
        var path = Path.Join(sandbox.Bin, "pm-that-records");
        File.WriteAllText(path, $"#!/bin/sh\nread -r request\nprintf '%s\\n' \"$request\" >> {sandbox.Top}/requests\nprintf '%s\\n' \"$request\" | {Here}/programs/pm-that-ends\n");
        File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
        return new Dictionary<string, string>(environment) { ["PM_EXECUTABLE"] = path };
    }

    /// <summary>What was asked, in order.</summary>
    static List<JsonElement> Requests(Sandbox sandbox) =>
        [.. File.ReadLines(Path.Join(sandbox.Top, "requests")).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("params"))];

    static void Uses(string form, string tool, Func<Sandbox, (string[] Command, (string Name, string Value)[] Variables)> prepare) => Uses(form, tool, (sandbox, _, _) => prepare(sandbox));

    /// <param name="form">What is exported.</param>
    /// <param name="tool">What it is for.</param>
    /// <param name="prepare">Of the sandbox, what pm says is to be done next, and the same export again: what uses it.</param>
    static void Uses(string form, string tool, Func<Sandbox, string, Func<StepResult>, (string[] Command, (string Name, string Value)[] Variables)> prepare)
    {
        Assert.SkipUnless(ProgramPath.Find(tool, "/usr/local/bin:/usr/bin:/bin") is not null, $"{tool} is not installed");
        var kernel = new KernelProbe();
        Assert.SkipWhen(kernel.MayTrace && !kernel.TryMountTracefs(), "tracefs is not mounted");
        using var sandbox = new Sandbox(null);
        var environment = EnvironmentOf(sandbox);
        MakePackage(sandbox);
        var exported = Export(sandbox, environment, form);
        Succeeds(exported);
        var (command, variables) = prepare(sandbox, exported.Talk.Split(": ", 2)[1], () => Export(sandbox, environment, form));
        foreach (var (name, value) in variables)
        {
            environment[name] = value;
        }

        var result = sandbox.Run([.. command, Missing], environment, null);

        Assert.Equal(kernel.MayTrace ? "attached entered\nevent True\n" : "refused PM8030\n", Encoding.UTF8.GetString(result.Output) + result.Talk);
    }

    static Dictionary<string, string> EnvironmentOf(Sandbox sandbox) =>
        new(sandbox.Environment) { ["PM_EXECUTABLE"] = Path.Combine(AppContext.BaseDirectory, "pm"), ["DOTNET_ROOT"] = Path.GetFullPath("../../..", RuntimeEnvironment.GetRuntimeDirectory()) };

    static StepResult Export(Sandbox sandbox, Dictionary<string, string> environment, string form) =>
        sandbox.Run([environment["PM_EXECUTABLE"], "export", "--allow-unsigned", form, "./opens-1.0.0.pkg"], environment, null);

    /// <summary>As <c>pm build</c> makes it of a module.</summary>
    static void MakePackage(Sandbox sandbox)
    {
        Succeeds(sandbox.Shell($"mkdir -p t/bin t/lib/bpf; cp {Path.GetFullPath("../../Pm.Ebpf.Tests/objects/opens.o", Here)} t/lib/bpf/opens.bpf.o"));
        File.WriteAllText(Path.Join(sandbox.Work, "t/bin/opens"), EbpfCommand.Text("opens"));
        Succeeds(sandbox.Shell("chmod +x t/bin/opens; mkpkg opens 1.0.0 t"));
    }

    static void Succeeds(StepResult result) => Assert.True(result.Exit == 0, Encoding.UTF8.GetString(result.Output) + result.Talk);

    static string Directory([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;
}
