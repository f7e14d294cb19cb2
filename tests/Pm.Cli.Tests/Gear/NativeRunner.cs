namespace Pm.Cli.Tests.Gear;

/// <summary>Starts an executable, under the name that the case calls it by.</summary>
sealed class NativeRunner(string file) : Runner
{
    public override Task<StepResult> RunAsync(
        IReadOnlyList<string> words, string directory, IReadOnlyDictionary<string, string> environment, byte[]? input, bool onTerminal)
    {
        var link = Path.Combine(environment["SANDBOX"], "bin", words[0]);
        if (!File.Exists(link))
        {
            File.CreateSymbolicLink(link, file);
        }

        return Task.Run(() => ProcessRun.Run(link, words.Skip(1), directory, environment, input));
    }
}
