namespace Pm.Cli.Tests.Gear;

/// <summary>How a case's pm is run: inside this process, or the file that PM_TEST_BIN names.</summary>
abstract class Runner
{
    private protected Runner()
    {
    }

    public static Runner InProcess { get; } = new InProcessRunner();

    /// <summary>The executable that a server is started with, under the name that it is called by.</summary>
    public abstract string ServerFile(Sandbox sandbox, string name);

    /// <summary>Runs <paramref name="words"/>, of which the first is the name that pm is called by.</summary>
    public abstract Task<StepResult> RunAsync(
        IReadOnlyList<string> words, Sandbox sandbox, IReadOnlyDictionary<string, string> environment, byte[]? input, bool onTerminal);
}
