using System.CommandLine;

namespace Pm.Cli.Commands.Keys;

/// <summary><c>pm key remove KEY…</c></summary>
static class KeyRemoveCommand
{
    public const string Summary = "forget public keys; what they signed stays installed";

    public static CommandDeclaration Declare()
    {
        var keys = KeyNames.Argument("a fingerprint, the end of one, an e-mail address or a part of the user id", ArgumentArity.OneOrMore);
        return new CommandDeclaration
        {
            Arguments = [keys],
            Takes = CommonOptions.Root | CommonOptions.DryRun | CommonOptions.Json | CommonOptions.LockTimeout,
            Exits = [ExitCode.NotFound, ExitCode.LockBusy],
            Complete = KeyNames.Complete,
            RunAsync = (context, parsed) => ValueTask.FromResult(Run(context, parsed.GetRequiredValue(keys))),
        };
    }

    static ExitCode Run(PmContext context, string[] words)
    {
        var changes = RingChange.Make(
            context, ring => [.. KeyNames.Require(ring, words).Select(r => ring.PlanRemove(r.Fingerprint))]);
        RingChange.Write(context, changes);
        return ExitCode.Ok;
    }
}
