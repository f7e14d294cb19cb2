using Pm.Cli.Rpc;
using Pm.Fuzzing.Gear;

namespace Pm.Fuzzing.Targets;

/// <summary>What a client of <c>pm rpc</c> says, up to the command lines that are made of it.</summary>
static class RpcTargets
{
    static readonly byte[] Pieces = [1, 7, 64];

    public static IEnumerable<FuzzTarget> All { get; } =
    [
        new("rpc", Read)
        {
            Seeds = Reading.Seeds(
                """{"jsonrpc":"2.0","id":1,"method":"run","params":{"target":"opensnoop","arguments":["--pid","7"],"events":{"a":"b"},"mapSizes":{"m":5},"strict":true}}""",
                """[{"jsonrpc":"2.0","id":"a","method":"install","params":{"packages":["x"],"dryRun":true}},{"jsonrpc":"2.0","method":"search","params":{"words":"x","limit":5}}]""",
                "{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"list\"}\n{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"info\",\"params\":{\"package\":\"\\u00e9\"}}\n"),
            Allowed = [typeof(RpcException)],
            Words =
            [
                .. Words.Text, .. Words.Of(
                    "\"jsonrpc\":\"2.0\"", "\"id\":", "\"method\":", "\"params\":", "\"run\"", "\"get\"", "\"remove\"", "\"update\"", "\"pull\"", "\"version\"", "null", "{}", "[]", "[[", "\\ud800", "\\u0000", "\n", "1e9", "-1", "\"root\":"),
            ],
            MaximumLength = 64 << 10,
        },
    ];

    static void Read(byte[] bytes)
    {
        var lines = new LineBuffer(1 << 10, splits: false);
        var size = Pieces[bytes.Length % Pieces.Length];
        RpcException? refusal = null;
        foreach (var piece in bytes.Chunk(size))
        {
            lines.Append(piece);
            while (lines.TryTake(out var line, out _))
            {
                refusal ??= Take(line.ToArray());
            }
        }

        if ((refusal ?? Take(lines.Rest.ToArray())) is { } error)
        {
            throw error;
        }
    }

    static RpcException? Take(byte[] line)
    {
        try
        {
            foreach (var request in RpcRequestReader.Read(line, out _))
            {
                if (request.Fault is { } fault)
                {
                    return fault;
                }

                // The kernel ends the words of a command line with a NUL.
                var words = RpcCommands.LineOf(request.Method, new RpcParameters(request.Parameters));
                if (words is not null && words.Any(w => w.Contains('\0')))
                {
                    throw new InvalidOperationException("a NUL in a command line");
                }
            }

            return null;
        }
        catch (RpcException e)
        {
            return e;
        }
    }
}
