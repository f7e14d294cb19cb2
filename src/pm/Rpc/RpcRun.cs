using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Pm.Cli.Rpc;

/// <summary>Something that runs: an eBPF object, a program, or whoever reads the events of an object that runs on its own. Its request is answered when it is attached, or has taken pm's place; then its lines are told, and its end.</summary>
sealed class RpcRun : IRpcTask
{
    static readonly JsonReaderOptions EventOptions = new() { MaxDepth = RpcLimits.EventDepth };

    readonly RpcOutput _output;
    readonly RpcAnswer _answer;
    readonly RpcTalk _talk = new();
    readonly List<RpcAnswer> _stops = [];
    readonly byte[] _beforeEvent;
    JsonElement _report;
    Failure? _failure;
    ulong _lost;
    bool _isAnswered;

    public RpcRun(RpcOutput output, RpcAnswer answer, int id, string target)
    {
        (_output, _answer, Id, Target) = (output, answer, id, target);
        _beforeEvent = Encoding.UTF8.GetBytes(FormattableString.Invariant($$"""{"jsonrpc":"2.0","method":"event","params":{"id":{{id}},"data":"""));
    }

    public int Id { get; }

    /// <summary>What was asked for.</summary>
    public string Target { get; }

    /// <summary>Whether it is attached, or has taken pm's place.</summary>
    public bool IsRunning => _isAnswered;

    public bool TakesOutput => _isAnswered;

    public TimeSpan Grace => RpcLimits.RunGrace;

    bool IsObject => _report.ValueKind is JsonValueKind.Object && _report.TryGetProperty("kind"u8, out var kind) && kind.ValueEquals("object"u8);

    /// <summary>Somebody waits for its end.</summary>
    public void AnswerAtEnd(RpcAnswer answer) => _stops.Add(answer);

    public void TakeOutput(ReadOnlySpan<byte> line, bool isTooLong)
    {
        if (!IsRunning)
        {
            return;
        }

        if (!IsObject)
        {
            Tell("output", line);
        }
        else if (IsEvent(line))
        {
            _output.Line(_beforeEvent, line, "}}"u8);
        }
        else
        {
            Tell("log", line);
        }
    }

    public void TakeTalk(ReadOnlySpan<byte> line)
    {
        if (IsRunning)
        {
            Tell("log", line);
        }
        else
        {
            _talk.Add(line);
        }
    }

    public void TakeReport(ReadOnlySpan<byte> line)
    {
        try
        {
            using var document = JsonDocument.Parse(line.ToArray());
            var said = document.RootElement;
            if (said.TryGetProperty("error"u8, out var error))
            {
                _failure ??= FailureJson.Read(error);
            }
            else if (said.TryGetProperty("lost"u8, out var lost))
            {
                TakeLost(lost);
            }
            else
            {
                _report = said.Clone();
                if (IsObject)
                {
                    Answer();
                }
            }
        }
        catch (JsonException)
        {
            // Not pm: it says no more.
        }
    }

    /// <summary>So many were lost up to now; the client is told when there are more.</summary>
    void TakeLost(JsonElement count)
    {
        if (count.ValueKind is JsonValueKind.Number && count.TryGetUInt64(out var all) && all > _lost)
        {
            _lost = all;
            RpcNotification.Write(_output, "lost", json =>
            {
                json.WriteNumber("id"u8, Id);
                json.WriteNumber("lost"u8, all);
            });
        }
    }

    /// <summary>A program has taken pm's place, unless pm said why not.</summary>
    public void EndReport()
    {
        if (_report.ValueKind is JsonValueKind.Object && _failure is null)
        {
            Answer();
        }
    }

    public void End(int code, bool wasAsked)
    {
        if (!_isAnswered)
        {
            _isAnswered = true;
            _failure ??= _talk.Failure(code, wasAsked);
            _answer.Error(RpcException.Of(_failure));
            _stops.ForEach(s => s.Error(RpcException.Of(_failure)));
            return;
        }

        RpcNotification.Write(_output, "end", json => WriteEnd(json, code));
        _stops.ForEach(s => s.Result(json =>
        {
            json.WriteStartObject();
            WriteEnd(json, code);
            json.WriteEndObject();
        }));
    }

    void Answer()
    {
        if (_isAnswered)
        {
            return;
        }

        _isAnswered = true;
        _answer.Result(json =>
        {
            json.WriteStartObject();
            json.WriteNumber("id"u8, Id);
            foreach (var member in _report.EnumerateObject())
            {
                member.WriteTo(json);
            }

            json.WriteEndObject();
        });
        foreach (var line in _talk.TakeAll())
        {
            Tell("log", Encoding.UTF8.GetBytes(line));
        }
    }

    void WriteEnd(Utf8JsonWriter json, int code)
    {
        json.WriteNumber("id"u8, Id);
        json.WriteNumber("code"u8, code);
        json.WriteNumber("lost"u8, _lost);
        if (_failure is { } failure)
        {
            json.WriteStartObject("error"u8);
            ErrorReport.WriteMembers(json, failure);
            json.WriteEndObject();
        }
    }

    void Tell(string method, ReadOnlySpan<byte> line)
    {
        var text = Encoding.UTF8.GetString(line);
        RpcNotification.Write(_output, method, json =>
        {
            json.WriteNumber("id"u8, Id);
            json.WriteString("text"u8, text);
        });
    }

    /// <summary>Whether the line is one JSON object: it is passed on as it is.</summary>
    static bool IsEvent(ReadOnlySpan<byte> line)
    {
        if (line.IsEmpty || line[0] != '{' || !Utf8.IsValid(line))
        {
            return false;
        }

        try
        {
            var reader = new Utf8JsonReader(line, EventOptions);
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
