using System.Text.Json;

namespace Pm.Cli.Rpc;

/// <summary>Reads an error as <see cref="ErrorReport.WriteMembers"/> writes it.</summary>
static class FailureJson
{
    public static Failure Read(JsonElement data) => new(
        data.TryGetProperty("exit"u8, out var exit) && exit.TryGetInt32(out var number) ? (ExitCode)number : ExitCode.Failed,
        Text(data, "code") ?? "PM0001",
        Text(data, "message") ?? "",
        Text(data, "hint"));

    static string? Text(JsonElement data, string name) => data.TryGetProperty(name, out var value) ? RpcRequestReader.TextOf(value) : null;
}
