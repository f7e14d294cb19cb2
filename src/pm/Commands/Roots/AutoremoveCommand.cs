using Pm.Cli.Roots;

namespace Pm.Cli.Commands.Roots;

/// <summary><c>pm autoremove</c></summary>
static class AutoremoveCommand
{
    public const string Summary = "remove dependencies that nothing needs any more";

    public static CommandDeclaration Declare() => new()
    {
        Takes = CommonOptions.Changes,
        Exits = [ExitCode.LockBusy, ExitCode.RolledBack],
        RunAsync = (context, _) => new ChangeFlow(context, proposer => proposer.Autoremove()).RunAsync(),
    };
}
