using System.Globalization;
using Pm.Linux;

namespace Pm.Storage.Tests;

/// <summary>A process of its own that changes a root: it can be killed as a power cut would.</summary>
static class Puppet
{
    static readonly string Program = Path.Join(AppContext.BaseDirectory, "Pm.Storage.Puppet");

    public static ChildResult Run(World world, string verb, string fault, params string[] words) => ChildProcess.Run(new ChildOptions
    {
        FileName = Program,
        Arguments = [world.StorePath, world.RootPath, verb, fault, .. words],
        Environment = Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
            .Where(v => v.Key is string key && (key.StartsWith("DOTNET", StringComparison.Ordinal) || key is "PATH" or "HOME"))
            .ToDictionary(v => (string)v.Key, v => (string)v.Value!),
        Timeout = TimeSpan.FromSeconds(60),
    });

    public static Task<ChildResult> Start(World world, string verb, params string[] words) =>
        Task.Run(() => Run(world, verb, "-", words));

    public static string At(int number) => string.Create(CultureInfo.InvariantCulture, $"kill@{number}");
}
