using System.Text.Json;

namespace Pm.Cli.Rpc;

/// <summary>A command whose one document is the answer to a request.</summary>
sealed class RpcCall(RpcOutput output, RpcAnswer answer) : IRpcTask
{
    readonly RpcTalk _talk = new();
    byte[]? _document;
    bool _isTooLong;

    public bool TakesOutput => true;

    public TimeSpan Grace => RpcLimits.CallGrace;

    public void TakeOutput(ReadOnlySpan<byte> line, bool isTooLong)
    {
        _isTooLong |= isTooLong;
        _document = line.ToArray();
    }

    public void TakeTalk(ReadOnlySpan<byte> line) => _talk.Add(line);

    public void TakeReport(ReadOnlySpan<byte> line)
    {
        // It has none: only `run` does.
    }

    public void EndReport()
    {
    }

    public void End(int code, bool wasAsked)
    {
        try
        {
            using var document = _document is null ? null : JsonDocument.Parse(_document);
            if (_isTooLong)
            {
                answer.Error(RpcException.Of(new Failure(ExitCode.Failed, "PM8081", $"the answer is longer than {RpcLimits.Answer} bytes", "ask for less: with `limit`, or by name")));
            }
            else if (document?.RootElement is not { ValueKind: JsonValueKind.Object } whole || !whole.TryGetProperty("data"u8, out var data) || !whole.TryGetProperty("kind"u8, out var kind))
            {
                answer.Error(RpcException.Of(_talk.Failure(code, wasAsked)));
            }
            else if (kind.ValueEquals("error"u8))
            {
                answer.Error(RpcException.Of(FailureJson.Read(data)));
            }
            else if ((ExitCode)code is not (ExitCode.Ok or ExitCode.Findings) && !kind.ValueEquals("search-result"u8))
            {
                answer.Error(RpcException.Of(_talk.Failure(code, wasAsked)));
            }
            else
            {
                TellTalk();
                answer.Result(data.WriteTo);
            }
        }
        catch (JsonException)
        {
            answer.Error(RpcException.Of(_talk.Failure(code, wasAsked)));
        }
    }

    /// <summary>What it said besides, where it is not in the error.</summary>
    void TellTalk()
    {
        foreach (var text in answer.Id is null ? [] : _talk.TakeAll())
        {
            RpcNotification.Write(output, "log", json =>
            {
                json.WritePropertyName("request"u8);
                json.WriteRawValue(answer.Id, skipInputValidation: true);
                json.WriteString("text"u8, text);
            });
        }
    }
}
