using System.Collections;

namespace Pm.Linux.Tests;

/// <summary>The program beside the tests that is run, faulted and killed.</summary>
static class Puppet
{
    public static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "Pm.Linux.Puppet");

    /// <summary>The runtime is found through the environment where it is not installed for everybody.</summary>
    public static Dictionary<string, string> Environment { get; } = System.Environment.GetEnvironmentVariables()
        .Cast<DictionaryEntry>().ToDictionary(v => (string)v.Key, v => (string?)v.Value ?? "");

    public static ChildResult Run(params string[] arguments) =>
        ChildProcess.Run(new ChildOptions
        {
            FileName = Path,
            Arguments = arguments,
            Environment = Environment,
            Timeout = TimeSpan.FromMinutes(1),
        });

    public static ChildResult Shell(string script) =>
        ChildProcess.Run(new ChildOptions
        {
            FileName = "/bin/sh",
            Arguments = ["-c", script],
            Environment = new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin:/usr/sbin:/sbin" },
            Timeout = TimeSpan.FromMinutes(1),
        });
}
