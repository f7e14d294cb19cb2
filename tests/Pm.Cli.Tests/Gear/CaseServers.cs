using Xunit;

namespace Pm.Cli.Tests.Gear;

/// <summary>The <c>&amp;</c> lines of a case: one server at a time.</summary>
sealed class CaseServers(Sandbox sandbox, Runner runner) : IDisposable
{
    /// <summary>The one that was built with the tests.</summary>
    static readonly string Daemon = Path.GetFullPath("../../pmd/debug/pmd", AppContext.BaseDirectory);

    CaseServer? _running;

    /// <summary>Starts one, or stops the one that runs.</summary>
    public Task<StepResult> RunAsync(string command) => command == "stop" ? StopAsync() : StartAsync(command);

    public void Dispose() => _running?.Dispose();

    async Task<StepResult> StartAsync(string command)
    {
        Assert.SkipUnless(File.Exists(Daemon), $"needs {Daemon}");
        sandbox.Variables["PM_PMD"] = Daemon;
        var words = CommandLine.Parse(command, sandbox.Environment).Words;
        _running?.Dispose();
        (_running, var result) = await CaseServer.StartAsync(runner.ServerFile(sandbox, words[0]), words.Skip(1), sandbox, sandbox.Environment);
        if (_running.Address is { } address)
        {
            sandbox.Variables["SERVER"] = address;
        }

        return result;
    }

    async Task<StepResult> StopAsync()
    {
        using var server = _running ?? throw new InvalidOperationException("no server runs");
        _running = null;
        return await server.StopAsync();
    }
}
