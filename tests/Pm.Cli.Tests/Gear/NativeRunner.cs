namespace Pm.Cli.Tests.Gear;

/// <summary>Starts an executable, under the name that the case calls it by.</summary>
sealed class NativeRunner(string file) : Runner
{
    public override string ServerFile(Sandbox sandbox, string name)
    {
        var link = Path.Combine(sandbox.Bin, name);
        Provide(link, sandbox);
        return link;
    }

    public override Task<StepResult> RunAsync(
        IReadOnlyList<string> words, Sandbox sandbox, IReadOnlyDictionary<string, string> environment, byte[]? input, bool onTerminal)
    {
        var link = Path.Combine(sandbox.Bin, words[0]);
        Provide(link, sandbox);
        return Task.Run(() => sandbox.Run([link, .. words.Skip(1)], environment, input));
    }

    /// <summary>A link under the name that is called; a copy where the user of the case may not reach the original.</summary>
    void Provide(string link, Sandbox sandbox)
    {
        if (File.Exists(link))
        {
            return;
        }

        if (sandbox.As.Count == 0)
        {
            File.CreateSymbolicLink(link, file);
        }
        else
        {
            File.Copy(file, link);
        }
    }
}
