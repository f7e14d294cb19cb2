using System.CommandLine;
using Pm.Cli.Output;
using Pm.Remotes;
using Pm.Stages.Roots;
using Pm.Trust.Tuf;

namespace Pm.Cli.Commands.Remotes;

/// <summary>How a person comes to trust a repository: by a fingerprint, or by looking at the one it shows. Never silently.</summary>
/// <param name="Fingerprint">As typed, or null.</param>
/// <param name="IsOnFirstUse">Whether the one it shows is taken.</param>
sealed record FirstTrust(string? Fingerprint, bool IsOnFirstUse)
{
    public static Option<string?> FingerprintOption() => new("--fingerprint")
    {
        Description = "the fingerprint of its root, as its keeper tells it (`pm repo key` prints it there)",
        HelpName = "HEX",
    };

    public static Option<bool> OnFirstUseOption() => new("--trust-first-use")
    {
        Description = "trust the root that it shows now, and no other from then on",
    };

    /// <summary>Makes the root of a remote the one to start from.</summary>
    public async Task<OfferedRoot> EstablishAsync(PmContext context, RootSession session, RemoteDefinition remote)
    {
        var client = session.Client(remote);
        var root = Fingerprint is { } text
            ? await client.FindRootAsync(Parse(text), context.Cancellation)
            : await ShownAsync(context, client, remote);
        session.Trust(remote, root);
        return root;
    }

    async Task<OfferedRoot> ShownAsync(PmContext context, RepositoryClient client, RemoteDefinition remote)
    {
        var root = await client.OfferRootAsync(context.Cancellation);
        context.Terminal.Say($"{remote.Url} shows the root fingerprint");
        context.Terminal.Say($"  {root.Fingerprint}");
        if (IsOnFirstUse || Prompt.ConfirmByPerson(
            context, "is it the one that its keeper told you?", "`--fingerprint HEX`, as its keeper told you; `--trust-first-use` believes what is shown"))
        {
            return root;
        }

        throw new CommandException(
            ExitCode.Refused, "PM1122", $"{remote.Url}: not trusted, not added", $"`pm remote add --fingerprint HEX {remote.Url}`");
    }

    static RootFingerprint Parse(string text) => RootFingerprint.TryParse(text, out var fingerprint)
        ? fingerprint
        : throw CommandException.Usage(
            "PM1123", $"`{Hostile.OneLine(text)}` is no fingerprint: expected 64 hexadecimal digits", "`pm repo key` prints it where the repository is");
}
