using System.Runtime.CompilerServices;
using System.Text;
using Xunit;

namespace Pm.Cli.Tests.Gear;

/// <summary>A directory below <c>cases</c>: <c>case.txt</c>, and <c>in/</c> and <c>out/</c> where it needs them.</summary>
sealed class Case(string name)
{
    static readonly bool IsUpdating = System.Environment.GetEnvironmentVariable("PM_UPDATE_CASES") == "1";

    static readonly string[] ToolDirectories = ["/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin"];

    readonly string _directory = Path.Combine(All, name);

    static bool IsRoot => Pm.Linux.SystemUser.EffectiveUserId == 0;

    static string All { get; } = Path.Combine(SourceDirectory(), "cases");

    /// <summary>Programs that cases call: see <c>cases/README.md</c>.</summary>
    public static string Tools { get; } = Path.Combine(SourceDirectory(), "tools");

    string FilePath => Path.Combine(_directory, "case.txt");

    /// <summary>The names of all cases: <c>topic/case</c>.</summary>
    public static IEnumerable<string> Names() =>
        Directory.EnumerateFiles(All, "case.txt", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(All, Path.GetDirectoryName(f)!))
            .Order(StringComparer.Ordinal);

    /// <summary>Runs every step and compares; with PM_UPDATE_CASES=1 rewrites the file with what came out.</summary>
    public async Task RunAsync(Runner runner)
    {
        var file = CaseFile.Parse(await File.ReadAllTextAsync(FilePath));
        SkipUnlessPossible(file.Directives, runner);
        using var sandbox = new Sandbox(Path.Combine(_directory, "in"));
        if (file.Directives.Contains("user") && IsRoot)
        {
            sandbox.LeaveRoot();
        }

        var differences = new StringBuilder();
        using var servers = new CaseServers(sandbox, runner);
        foreach (var step in file.Steps)
        {
            var result = step.Mark == '&' ? await servers.RunAsync(step.Command)
                : await RunStepAsync(step, sandbox, runner, file.Directives.Contains("terminal"));
            Compare(step, result, new Expectation(sandbox.Names), differences);
        }

        CompareTree(sandbox, differences);
        if (IsUpdating && (runner == Runner.InProcess || file.Directives.Any(d => d is "native" or "user")))
        {
            await File.WriteAllTextAsync(FilePath, file.Format());
        }

        Assert.True(IsUpdating || differences.Length == 0, $"{FilePath}\n{differences}");
    }

    static void SkipUnlessPossible(IReadOnlyList<string> directives, Runner runner)
    {
        var isNative = runner is NativeRunner;
        Assert.SkipWhen(directives.Contains("native") && !isNative, "runs only against an executable (PM_TEST_BIN)");
        Assert.SkipWhen((directives.Contains("in process") || directives.Contains("terminal")) && isNative, "runs only in process");
        Assert.SkipWhen(directives.Contains("root") && !IsRoot, "needs the super-user");
        Assert.SkipWhen(directives.Contains("user") && IsRoot && !isNative, "needs an ordinary user");
        foreach (var tool in directives.Where(d => d.StartsWith("needs ", StringComparison.Ordinal)).SelectMany(d => d[6..].Split(' ')))
        {
            var isThere = ToolDirectories.Any(d => File.Exists(Path.Combine(d, tool)));
            Assert.SkipUnless(isThere, $"needs {tool}");
        }
    }

    static async Task<StepResult> RunStepAsync(CaseStep step, Sandbox sandbox, Runner runner, bool onTerminal)
    {
        if (step.Mark == '%')
        {
            return sandbox.Shell(step.Command);
        }

        var environment = sandbox.Environment;
        var line = CommandLine.Parse(step.Command, environment);
        foreach (var (variable, value) in line.Variables)
        {
            environment[variable] = value;
        }

        var input = line.Input is null ? null : await File.ReadAllBytesAsync(Path.Combine(sandbox.Work, line.Input));
        var result = await runner.RunAsync(line.Words, sandbox, environment, input, onTerminal);
        if (line.Output is null)
        {
            return result;
        }

        await File.WriteAllBytesAsync(Path.Combine(sandbox.Work, line.Output), result.Output);
        return result with { Output = [] };
    }

    static void Compare(CaseStep step, StepResult result, Expectation expectation, StringBuilder differences)
    {
        var output = Lines(Encoding.UTF8.GetString(result.Output));
        var talk = Lines(result.Talk);
        var isSame = expectation.Matches(step.Output, output) && expectation.Matches(step.Talk, talk) && step.Exit == result.Exit;
        if (!isSame)
        {
            differences.Append(System.Globalization.CultureInfo.InvariantCulture, $"\n  {step.Mark} {step.Command}\n");
            LineDiff.Append(differences, step.Output, [.. expectation.Redact(step.Output, output)], "");
            LineDiff.Append(differences, step.Talk, [.. expectation.Redact(step.Talk, talk)], "! ");
            LineDiff.Append(differences, [$"{step.Exit}"], [$"{result.Exit}"], "? ");
        }

        Replace(step.Output, expectation.Redact([.. step.Output], output));
        Replace(step.Talk, expectation.Redact([.. step.Talk], talk));
        step.Exit = result.Exit;
    }

    /// <summary>Every file of <c>out/</c> must be there with the same bytes.</summary>
    void CompareTree(Sandbox sandbox, StringBuilder differences)
    {
        var tree = Path.Combine(_directory, "out");
        if (Directory.Exists(tree))
        {
            var result = sandbox.Shell($"cd '{tree}' && find . -type f | sort | while read -r f; do cmp \"$f\" '{sandbox.Work}'/\"$f\"; done");
            differences.Append(Encoding.UTF8.GetString(result.Output)).Append(result.Talk);
        }
    }

    static void Replace(List<string> lines, IEnumerable<string> by)
    {
        var kept = by.ToList();
        lines.Clear();
        lines.AddRange(kept);
    }

    static List<string> Lines(string text) => text.Length == 0 ? [] : [.. (text.EndsWith('\n') ? text[..^1] : text).Split('\n')];

    static string SourceDirectory([CallerFilePath] string here = "") => Path.GetDirectoryName(Path.GetDirectoryName(here))!;
}
