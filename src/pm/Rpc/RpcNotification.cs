using System.Text.Json;

namespace Pm.Cli.Rpc;

/// <summary>What the client is told without having asked. Source: JSON-RPC 2.0, 4.1.</summary>
static class RpcNotification
{
    public static void Write(RpcOutput output, string method, Action<Utf8JsonWriter> parameters) => output.Line(json =>
    {
        json.WriteStartObject();
        json.WriteString("jsonrpc"u8, "2.0"u8);
        json.WriteString("method"u8, method);
        json.WriteStartObject("params"u8);
        parameters(json);
        json.WriteEndObject();
        json.WriteEndObject();
    });
}
