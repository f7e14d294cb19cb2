using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ebpm;

/// <summary>A <c>pm rpc</c> of its own.</summary>
sealed class Session : IDisposable
{
    readonly Process _process;
    int _last;

    public Session()
    {
        var executable = Environment.GetEnvironmentVariable("PM_EXECUTABLE") is { Length: > 0 } named ? named : "pm";
        try
        {
            _process = Process.Start(new ProcessStartInfo(executable, ["rpc"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new PmException($"{executable}: {e.Message}", "PM0008", "install pm, or name it in PM_EXECUTABLE", 4);
        }
    }

    public int Send(string method, JsonObject parameters)
    {
        var line = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = ++_last, ["method"] = method, ["params"] = parameters.DeepClone() }.ToJsonString();
        try
        {
            _process.StandardInput.Write(line + "\n");
            _process.StandardInput.Flush();
        }
        catch (IOException)
        {
            // The end of what it says tells more.
        }

        return _last;
    }

    public JsonElement Receive() => _process.StandardOutput.ReadLine() is { } line
        ? JsonDocument.Parse(line).RootElement
        : throw new PmException("pm ended and did not say why", "PM8081");

    /// <summary>Waits for an answer; all that comes before it is given to <paramref name="other"/>.</summary>
    public JsonElement Answer(int number, Action<JsonElement>? other = null)
    {
        while (true)
        {
            var message = Receive();
            if (message.TryGetProperty("method", out _) || message.GetProperty("id") is not { ValueKind: JsonValueKind.Number } id || id.GetInt32() != number)
            {
                other?.Invoke(message);
            }
            else if (message.TryGetProperty("error", out var error))
            {
                throw error.TryGetProperty("data", out var data)
                    ? new PmException(error.GetProperty("message").GetString()!, data.GetProperty("code").GetString()!, data.GetProperty("hint").GetString(), data.GetProperty("exit").GetInt32())
                    : new PmException(error.GetProperty("message").GetString()!, "PM1002", null, 2);
            }
            else
            {
                return message.GetProperty("result");
            }
        }
    }

    public void Dispose()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It is gone.
        }

        _ = _process.StandardOutput.ReadToEnd();
        _process.WaitForExit();
        _process.Dispose();
    }
}
