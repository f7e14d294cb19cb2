using System.Text;
using Pm.Cli.Tests.Gear;

namespace Pm.Cli.Tests.Machines;

/// <summary>The shared libraries of this machine, by the names that programs call them by.</summary>
static class SystemLibraries
{
    /// <summary>A library, and those that it needs.</summary>
    public static IEnumerable<string> Of(string name) => Find(name) is { } path ? [path, .. OfProgram(path)] : throw new InvalidOperationException($"this machine has no {name}");

    /// <summary>What a program, or a library, is loaded with. Source: ldd(1).</summary>
    public static IEnumerable<string> OfProgram(string path) =>
        [.. Lines("/usr/bin/ldd", path).SelectMany(line => line.Split(' ', '\t')).Where(word => word.StartsWith('/') && File.Exists(word))];

    static string? Find(string name) => Lines("/sbin/ldconfig", "-p").Select(line => line.Split("=>", StringSplitOptions.TrimEntries))
        .FirstOrDefault(words => words is [var said, _] && said.Split(' ')[0] == name && said.Contains("x86-64", StringComparison.Ordinal))?[1];

    static string[] Lines(string program, string argument) =>
        Encoding.UTF8.GetString(ProcessRun.Run(program, [argument], "/", new Dictionary<string, string>(StringComparer.Ordinal) { ["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin" }, null).Output).Split('\n');
}
