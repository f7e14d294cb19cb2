using System.CommandLine;
using Pm.Cli.Output;
using Pm.Cli.Roots;
using Pm.Remotes;

namespace Pm.Cli.Commands.Remotes;

/// <summary><c>pm remote trust NAME</c></summary>
static class RemoteTrustCommand
{
    public const string Summary = "trust the root of a remote anew";

    public static CommandDeclaration Declare()
    {
        var name = new Argument<string>("NAME") { Description = "a configured remote" };
        var fingerprint = FirstTrust.FingerprintOption();
        var onFirstUse = FirstTrust.OnFirstUseOption();
        return new CommandDeclaration
        {
            Arguments = [name],
            Options = [fingerprint, onFirstUse],
            Takes = CommonOptions.Json | CommonOptions.Root | CommonOptions.DryRun | CommonOptions.Confirm | CommonOptions.LockTimeout | CommonOptions.Network,
            Exits = [ExitCode.NotFound, ExitCode.Refused, ExitCode.Unreachable],
            Complete = RemoteNames.Complete,
            RunAsync = (context, parsed) => RunAsync(
                context, parsed.GetRequiredValue(name), new FirstTrust(parsed.Given(fingerprint), parsed.Given(onFirstUse))),
        };
    }

    static async ValueTask<ExitCode> RunAsync(PmContext context, string name, FirstTrust trust)
    {
        // A root that is not there is not made.
        using (var looking = RootAccess.Open(context))
        {
            var known = RemoteNames.Require(looking, name);
            if (known.IsPlain)
            {
                throw CommandException.Usage("PM1120", $"{known.Name} has no signed metadata, so there is no root to trust",
                    $"when it has now: `pm remote remove {known.Name}`, then `pm remote add {known.Url}`");
            }

            if (context.Settings.DryRun)
            {
                Write(context, known, null);
                return ExitCode.Ok;
            }
        }

        using var session = RootAccess.OpenForChange(context);
        var remote = RemoteNames.Require(session, name);
        var root = await trust.EstablishAsync(context, session, remote);
        Write(context, remote, root);
        return ExitCode.Ok;
    }

    static void Write(PmContext context, RemoteDefinition remote, OfferedRoot? root) => Outcome.Write(
        context,
        "remote",
        json =>
        {
            json.WriteString("name"u8, remote.Name);
            json.WriteString("url"u8, remote.Url.Text);
            json.WriteString("fingerprint"u8, root?.Fingerprint.ToString());
        },
        () => context.Terminal.Note(root is null
            ? $"would trust the root of {remote.Url}"
            : $"{remote.Name}: root {root.Fingerprint} is trusted"));
}
