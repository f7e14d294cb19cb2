using System.Text.Json;

namespace Pm.Cli.Rpc;

/// <summary>One request of a client.</summary>
/// <param name="Id">As it stood, in JSON; null: it asks for no answer.</param>
/// <param name="Method">What is to be done.</param>
/// <param name="Parameters">An object, or nothing.</param>
/// <param name="Fault">Why it is none; the answer to it.</param>
sealed record RpcRequest(byte[]? Id, string Method, JsonElement Parameters, RpcException? Fault);
