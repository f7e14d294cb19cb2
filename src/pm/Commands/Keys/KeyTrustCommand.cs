using System.CommandLine;
using Pm.Storage.Keys;
using Pm.Trust.OpenPgp;

namespace Pm.Cli.Commands.Keys;

/// <summary><c>pm key trust [--withdraw] KEY…</c></summary>
static class KeyTrustCommand
{
    public const string Summary = "accept packages that a key has signed, or no longer";

    public static CommandDeclaration Declare()
    {
        var keys = KeyNames.Argument("a key of the ring; by its fingerprint nothing is asked", ArgumentArity.OneOrMore);
        var withdraw = new Option<bool>("--withdraw") { Description = "take trust back; what is installed stays" };
        return new CommandDeclaration
        {
            Arguments = [keys],
            Options = [withdraw],
            Takes = CommonOptions.Root | CommonOptions.DryRun | CommonOptions.Json | CommonOptions.Confirm | CommonOptions.LockTimeout,
            Exits = [ExitCode.NotFound, ExitCode.Refused, ExitCode.LockBusy],
            Complete = KeyNames.Complete,
            RunAsync = (context, parsed) => ValueTask.FromResult(
                Run(context, parsed.GetRequiredValue(keys), trusts: !parsed.Given(withdraw))),
        };
    }

    static ExitCode Run(PmContext context, string[] words, bool trusts)
    {
        var now = context.Time.GetUtcNow();
        var changes = RingChange.Make(
            context,
            ring => [.. KeyNames.Require(ring, words).Select(r => trusts ? ring.PlanTrust(r.Fingerprint, now) : ring.PlanDistrust(r.Fingerprint, now))],
            planned => Confirm(context, words, trusts ? planned : []));
        RingChange.Write(context, changes);
        return ExitCode.Ok;
    }

    /// <summary>A name is whatever the key's maker wrote: only who gives the fingerprint has compared it.</summary>
    static void Confirm(PmContext context, string[] words, IReadOnlyList<KeyringChange> planned)
    {
        var given = words.Select(w => Fingerprint.TryParse(w, out var fingerprint) ? fingerprint : (Fingerprint?)null).ToHashSet();
        RingChange.ConfirmTrust(context, planned.Where(c => !given.Contains(c.Fingerprint)));
    }
}
