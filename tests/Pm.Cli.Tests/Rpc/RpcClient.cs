using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Pm.Cli.Tests.Rpc;

/// <summary>A <c>pm rpc</c> of its own, spoken with line by line.</summary>
sealed class RpcClient : IDisposable
{
    /// <summary>For what comes at once unless something is wrong.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    readonly Process _process;

    public RpcClient()
        : this([], new Dictionary<string, string> { ["PM_ROOT"] = Path.Combine(Path.GetTempPath(), "pm-rpc-no-root") })
    {
    }

    /// <param name="before">Words of a program that starts pm.</param>
    /// <param name="environment">What it is given besides.</param>
    public RpcClient(string[] before, IReadOnlyDictionary<string, string> environment)
    {
        string[] line = [.. before, Path.Combine(AppContext.BaseDirectory, "pm"), "rpc"];
        var start = new ProcessStartInfo(line[0], line[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath("../../..", RuntimeEnvironment.GetRuntimeDirectory());
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
    }

    /// <summary>Asks for something.</summary>
    public void Send(string request)
    {
        _process.StandardInput.Write(request + "\n");
        _process.StandardInput.Flush();
    }

    /// <summary>The next line; null at the end.</summary>
    public async Task<JsonElement?> NextAsync() =>
        await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience) is { } line ? JsonDocument.Parse(line).RootElement : null;

    /// <summary>The next line that will do; those before it are left out.</summary>
    public async Task<JsonElement> NextAsync(Func<JsonElement, bool> isMeant)
    {
        while (await NextAsync() is { } line)
        {
            if (isMeant(line))
            {
                return line;
            }
        }

        throw new EndOfStreamException("pm rpc said no more");
    }

    /// <summary>The answer to a request.</summary>
    public Task<JsonElement> AnswerAsync(int id) => NextAsync(l => l.TryGetProperty("id", out var own) && own.ValueKind is JsonValueKind.Number && own.GetInt32() == id);

    /// <summary>Says no more; what pm ends with.</summary>
    public async Task<int> EndAsync()
    {
        _process.StandardInput.Close();
        _ = await _process.StandardOutput.ReadToEndAsync().WaitAsync(Patience);
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return _process.ExitCode;
    }

    /// <summary>Ends it as nobody can refuse.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(Patience);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }
}
