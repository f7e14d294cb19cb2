using System.Runtime.CompilerServices;
using System.Text;
using Pm.Cli.Tests.Gear;
using Pm.Linux;
using Xunit;

namespace Pm.Cli.Tests.Bindings;

/// <summary>The examples that people copy first run as they stand, where an example is a whole program: against a pm that answers and tells one event.</summary>
public class ReadmeTests
{
    const string Event = "4242 cat /etc/nothing\n";

    static readonly string Here = Directory();

    static string Bindings => Path.GetFullPath("../../../bindings", Here);

    [Fact]
    public void Python() => Runs("python", "python3", "", "py", ("PYTHONPATH", $"{Bindings}/python"), ("PYTHONDONTWRITEBYTECODE", "1"));

    [Fact]
    public void Ruby() => Runs("ruby", "ruby", "require 'ebpm'\n", "rb", ("RUBYLIB", $"{Bindings}/ruby/lib"));

    [Fact]
    public void Php() => Runs("php", "php", "<?php require 'Ebpm.php';\n", "php");

    [Fact]
    public void Node() => Runs("node", "node", "", "mjs");

    /// <param name="language">The directory of its binding.</param>
    /// <param name="tool">What runs it.</param>
    /// <param name="before">What the second example needs of the first.</param>
    /// <param name="extension">Of its files.</param>
    /// <param name="variables">Where it finds the binding.</param>
    static void Runs(string language, string tool, string before, string extension, params (string Name, string Value)[] variables)
    {
        Assert.SkipUnless(ProgramPath.Find(tool, "/usr/local/bin:/usr/bin:/bin") is not null, $"{tool} is not installed");
        using var sandbox = new Sandbox(null);
        // Where node and PHP look.
        _ = sandbox.Shell($"mkdir node_modules; ln -s {Bindings}/node node_modules/ebpm; cp {Bindings}/php/Ebpm.php .");
        var environment = new Dictionary<string, string>(sandbox.Environment) { ["PM_EXECUTABLE"] = Path.Join(Here, "programs/pm-that-ends") };
        foreach (var (name, value) in variables)
        {
            environment[name] = value;
        }

        var examples = Examples(Path.Join(Bindings, language, "README.md"));
        Assert.Equal(2, examples.Count);
        foreach (var (example, at) in examples.Select((e, i) => (e, i)))
        {
            File.WriteAllText(Path.Join(sandbox.Work, $"example{at}.{extension}"), (at == 0 ? "" : before) + example);
            var result = sandbox.Run([tool, $"example{at}.{extension}"], environment, null);
            var output = Encoding.UTF8.GetString(result.Output);

            Assert.True((result.Exit, result.Talk) == (0, ""), output + result.Talk);
            Assert.Contains(at == 0 ? Event : "opensnoop/1", output);
        }
    }

    /// <summary>What stands between fences.</summary>
    static List<string> Examples(string readme) => [.. File.ReadAllText(readme).Split("\n```").Where((_, i) => i % 2 == 1).Select(block => block[(block.IndexOf('\n') + 1)..])];

    static string Directory([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;
}
