using System.Text;
using Pm.Cli.Tests.Gear;
using Xunit;

namespace Pm.Cli.Tests.Ebpf;

/// <summary>A directory of its own for a pm that runs objects.</summary>
sealed class ObjectPlace : IDisposable
{
    readonly string _directory = Directory.CreateTempSubdirectory("pm-objects-").FullName;

    public IReadOnlyDictionary<string, string> Variables => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["PATH"] = Environment.GetEnvironmentVariable("PATH")!,
        ["HOME"] = _directory,
        ["PM_ROOT"] = Path.Join(_directory, "root"),
        ["PM_STORE"] = Path.Join(_directory, "store"),
    };

    /// <summary>One of those that the tests have.</summary>
    public static string Object(string name) => Path.Join(AppContext.BaseDirectory, "objects", name + ".o");

    /// <summary>A copy of it under a name that no other process has, for what runs on its own.</summary>
    public string Copy(string name)
    {
        var copy = Path.Join(_directory, $"{name}-{Environment.ProcessId}.o");
        File.Copy(Object(name), copy);
        return copy;
    }

    /// <summary>What pm prints; it has to succeed.</summary>
    public string Pm(params string[] words)
    {
        var result = Run(words);
        Assert.True(result.Exit == 0, result.Talk);
        return Encoding.UTF8.GetString(result.Output);
    }

    public StepResult Run(params string[] words) => ProcessRun.Run(Path.Join(AppContext.BaseDirectory, "pm"), words, _directory, Variables, null);

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
