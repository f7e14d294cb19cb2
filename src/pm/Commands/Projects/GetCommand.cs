namespace Pm.Cli.Commands.Projects;

/// <summary><c>pm get NAME…</c>: <c>pm add</c>, and everything is installed.</summary>
static class GetCommand
{
    public const string Summary = "add dependencies to a project and install everything that it needs";

    public static CommandDeclaration Declare() => AddCommand.Declare(installs: true);
}
