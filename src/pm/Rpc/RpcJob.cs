namespace Pm.Cli.Rpc;

/// <summary>A request that a pm works for, or will.</summary>
sealed class RpcJob(IReadOnlyList<string> line, RpcAnswer answer)
{
    /// <summary>The words behind <c>pm</c>.</summary>
    public IReadOnlyList<string> Line => line;

    public RpcAnswer Answer => answer;

    /// <summary>Null for a command that answers and ends.</summary>
    public RpcRun? Run { get; init; }

    /// <summary>Null while it waits.</summary>
    public RpcChild? Child { get; set; }
}
