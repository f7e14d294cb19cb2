using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ebpm;

/// <summary>Something that runs through pm. Iterate over it: the events of an object, or the lines of a program as strings. One thread at a time uses it.</summary>
public sealed class Run : IEnumerable<JsonElement>, IDisposable
{
    readonly Session _session;
    readonly Queue<JsonElement> _events = new();
    readonly List<string> _log = [];
    readonly JsonElement _about;
    RunEnd? _end;
    bool _isClosed;

    Run(Session session, string method, JsonObject parameters) => (_session, _about) = (session, session.Answer(session.Send(method, parameters)));

    /// <summary>"object" or "program".</summary>
    public string Kind => _about.GetProperty("kind").GetString()!;

    /// <summary>The eBPF programs that are attached.</summary>
    public IEnumerable<string> Programs => _about.TryGetProperty("programs", out var programs) ? programs.EnumerateArray().Select(p => p.GetString()!) : [];

    /// <summary>What the kernel refused of the object: <c>code</c>, <c>message</c>, <c>hint</c>.</summary>
    public IEnumerable<JsonElement> Refused => _about.TryGetProperty("refused", out var refused) ? refused.EnumerateArray() : [];

    /// <summary>Of <see cref="Pm.Logs"/>, what is read: <c>opensnoop/1</c>; else null.</summary>
    public string? Name => _about.TryGetProperty("name", out var name) ? name.GetString() : null;

    /// <summary>How many events were lost, as far as it was told up to now.</summary>
    public ulong Lost { get; private set; }

    /// <summary>What is told besides, lines.</summary>
    public IReadOnlyList<string> Log => _log;

    /// <summary>Runs an eBPF object or a program, by name, path or URL; returns when it is attached.</summary>
    /// <exception cref="PmException">It does not run.</exception>
    public static Run Open(string target, params string[] arguments) => OpenWith(new JsonObject(), target, arguments);

    /// <summary>With the options of docs/rpc.md: <c>new() { ["duration"] = "5s" }</c>.</summary>
    /// <exception cref="PmException">It does not run.</exception>
    public static Run OpenWith(JsonObject options, string target, params string[] arguments)
    {
        var all = (JsonObject)options.DeepClone();
        all["target"] = target;
        all["arguments"] = new JsonArray([.. arguments.Select(a => (JsonNode)a)]);
        return Begin("run", all);
    }

    internal static Run Begin(string method, JsonObject parameters)
    {
        var session = new Session();
        try
        {
            return new Run(session, method, parameters);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Any method of docs/rpc.md as it stands there: <c>Call("install", new() { ["packages"] = "opensnoop" })</c>.</summary>
    /// <exception cref="PmException">It is refused.</exception>
    public static JsonElement Call(string method, JsonObject? parameters = null)
    {
        using var session = new Session();
        return session.Answer(session.Send(method, parameters ?? new JsonObject()));
    }

    /// <summary>Detaches it. Events that were told before can still be iterated over.</summary>
    public RunEnd Stop()
    {
        if (_end is null)
        {
            try
            {
                _ = _session.Answer(_session.Send("stop", new JsonObject { ["id"] = _about.GetProperty("id").GetInt32() }), Take);
            }
            catch (PmException e) when (_end is not null && e.Code is "PM8081" or "PM8082")
            {
                // It ended by itself meanwhile, or pm did with it: ^C at a terminal reaches both.
            }
        }

        Close();
        return _end!;
    }

    public IEnumerator<JsonElement> GetEnumerator()
    {
        while (true)
        {
            while (_events.Count == 0)
            {
                if (_end is not null)
                {
                    Close();
                    yield break;
                }

                Take(_session.Receive());
            }

            yield return _events.Dequeue();
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Stops it.</summary>
    public void Dispose() => _ = Stop();

    void Close()
    {
        if (!_isClosed)
        {
            _isClosed = true;
            _session.Dispose();
        }
    }

    void Take(JsonElement message)
    {
        var parameters = message.GetProperty("params");
        switch (message.GetProperty("method").GetString())
        {
            case "event":
                _events.Enqueue(parameters.GetProperty("data"));
                break;
            case "output":
                _events.Enqueue(parameters.GetProperty("text"));
                break;
            case "log":
                _log.Add(parameters.GetProperty("text").GetString()!);
                break;
            case "lost":
                Lost = parameters.GetProperty("lost").GetUInt64();
                break;
            case "end":
                Lost = parameters.GetProperty("lost").GetUInt64();
                _end = new RunEnd(parameters.GetProperty("code").GetInt32(), parameters.GetProperty("lost").GetUInt64());
                break;
        }
    }
}
