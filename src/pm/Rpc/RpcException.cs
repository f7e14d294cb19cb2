namespace Pm.Cli.Rpc;

/// <summary>A request is answered by an error.</summary>
/// <remarks>The codes below 0 are those of JSON-RPC; above 0 it is what the command line would have ended with. Source: JSON-RPC 2.0, 5.1.</remarks>
sealed class RpcException(int code, string message, Failure? failure = null) : Exception(message)
{
    public const int ParseError = -32700;
    public const int InvalidRequest = -32600;
    public const int MethodNotFound = -32601;
    public const int InvalidParameters = -32602;
    public const int InternalError = -32603;

    public int Code => code;

    /// <summary>What pm says of it; null where it is a fault of the request.</summary>
    public Failure? Failure => failure;

    /// <summary>An error of pm's own.</summary>
    public static RpcException Of(Failure failure) => new((int)failure.Exit, failure.Message, failure);
}
