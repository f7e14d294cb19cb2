using Pm.Cli.Rpc;

namespace Pm.Cli.Commands.Running;

/// <summary><c>pm rpc</c></summary>
static class RpcCommand
{
    public const string Summary = "serve another program over standard input and output (JSON-RPC)";

    const int StandardInput = 0;
    const int StandardOutput = 1;
    const int Unknown = -1;

    public static CommandDeclaration Declare() => new()
    {
        Exits = [ExitCode.Interrupted],
        RunAsync = (context, _) => ValueTask.FromResult(Run(context)),
    };

    static ExitCode Run(PmContext context)
    {
        using var session = new RpcSession(context, context.OwnsProcess ? StandardInput : Unknown, context.OwnsProcess ? StandardOutput : Unknown);
        return session.Run();
    }
}
