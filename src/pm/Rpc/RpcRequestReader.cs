using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Pm.Cli.Rpc;

/// <summary>Reads a line of a client: a request, or a batch of them. Source: JSON-RPC 2.0, 4 and 6.</summary>
static class RpcRequestReader
{
    static readonly byte[] Null = [.. "null"u8];

    static readonly JsonDocumentOptions Options = new() { MaxDepth = RpcLimits.Depth };

    /// <summary>The requests in the line, of which each may be one that is none.</summary>
    /// <param name="line">UTF-8, without its end.</param>
    /// <param name="isBatch">Whether their answers belong together.</param>
    public static IReadOnlyList<RpcRequest> Read(ReadOnlyMemory<byte> line, out bool isBatch)
    {
        isBatch = false;
        if (!HasReadableNames(line.Span))
        {
            return [Wrong(Null, RpcException.ParseError, "a line that is no JSON: it is no UTF-8, or a name in it is no text")];
        }

        JsonElement whole;
        try
        {
            using var document = JsonDocument.Parse(line, Options);
            whole = document.RootElement.Clone();
        }
        catch (JsonException e)
        {
            return [Wrong(Null, RpcException.ParseError, $"a line that is no JSON: {Plain(e)}")];
        }

        if (whole.ValueKind is not JsonValueKind.Array)
        {
            return [One(whole)];
        }

        var count = whole.GetArrayLength();
        if (count is 0 or > RpcLimits.Batch)
        {
            return [Wrong(Null, RpcException.InvalidRequest, $"a batch: expected 1 to {RpcLimits.Batch} requests, got {count}")];
        }

        isBatch = true;
        return [.. whole.EnumerateArray().Select(One)];
    }

    /// <summary>Instead of a line that is too long.</summary>
    public static RpcRequest TooLong() => Wrong(Null, RpcException.ParseError, $"a line: expected at most {RpcLimits.Line} bytes");

    /// <summary>Whether each name in it is text: one with half a surrogate pair would be found out only where another is looked for.</summary>
    static bool HasReadableNames(ReadOnlySpan<byte> line)
    {
        if (!Utf8.IsValid(line))
        {
            return false;
        }

        try
        {
            var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = RpcLimits.Depth });
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.PropertyName && reader.ValueIsEscaped)
                {
                    _ = reader.GetString();
                }
            }
        }
        catch (InvalidOperationException)
        {
            return false;
        }
        catch (JsonException)
        {
            // Said below, with its place.
        }

        return true;
    }

    static RpcRequest One(JsonElement request)
    {
        if (request.ValueKind is not JsonValueKind.Object)
        {
            return Wrong(Null, RpcException.InvalidRequest, "a request: expected an object");
        }

        var hasId = request.TryGetProperty("id"u8, out var id);
        if (hasId && (id.ValueKind is not (JsonValueKind.String or JsonValueKind.Number or JsonValueKind.Null) || Encoding.UTF8.GetByteCount(id.GetRawText()) > RpcLimits.Id))
        {
            return Wrong(Null, RpcException.InvalidRequest, $"`id`: expected a string or a number of at most {RpcLimits.Id} bytes, or null");
        }

        var raw = hasId ? Encoding.UTF8.GetBytes(id.GetRawText()) : null;
        if (!request.TryGetProperty("jsonrpc"u8, out var version) || TextOf(version) != "2.0")
        {
            return Wrong(raw ?? Null, RpcException.InvalidRequest, "`jsonrpc`: expected \"2.0\"");
        }

        if (!request.TryGetProperty("method"u8, out var name) || TextOf(name) is not { } method)
        {
            return Wrong(raw ?? Null, RpcException.InvalidRequest, "`method`: expected a string");
        }

        var parameters = request.TryGetProperty("params"u8, out var given) ? given : default;
        return parameters.ValueKind switch
        {
            JsonValueKind.Undefined or JsonValueKind.Object => new RpcRequest(raw, method, parameters, null),
            JsonValueKind.Array => new RpcRequest(raw, method, default, new RpcException(RpcException.InvalidParameters, "`params`: they go by name here: expected an object")),
            _ => Wrong(raw ?? Null, RpcException.InvalidRequest, "`params`: expected an object"),
        };
    }

    /// <summary>The text of a string; null where it is none, or no text.</summary>
    public static string? TextOf(JsonElement value)
    {
        try
        {
            return value.ValueKind is JsonValueKind.String && value.GetString() is { } text && !text.Contains('\0') ? text : null;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, or bytes that are no UTF-8.
            return null;
        }
    }

    static RpcRequest Wrong(byte[] id, int code, string message) => new(id, "", default, new RpcException(code, message));

    static string Plain(JsonException error) => $"byte {error.BytePositionInLine.GetValueOrDefault() + 1}";
}
