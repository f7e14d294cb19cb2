using System.CommandLine;
using System.Text;
using Pm.Cli.Commands.Keys;
using Pm.Cli.Output;
using Pm.Cli.Roots;
using Pm.Repositories;
using Pm.Storage.Keys;
using Pm.Trust.OpenPgp;

namespace Pm.Cli.Commands.Repositories;

/// <summary><c>pm repo trust [--repo DIR] [--withdraw] [KEY…]</c></summary>
static class RepoTrustCommand
{
    public const string Summary = "say whose packages a repository takes over the network";

    public static CommandDeclaration Declare()
    {
        var keys = new Argument<string[]>("KEY")
        {
            Description = "a file of public keys, or a key of the root's ring; none: list the publishers",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var repository = RepositoryPlace.Option();
        var withdraw = new Option<bool>("--withdraw") { Description = "take trust back; what is published stays" };
        var unsigned = new Option<bool>("--unsigned") { Description = "take packages too that nobody signed; with --withdraw no longer" };
        return new CommandDeclaration
        {
            Arguments = [keys],
            Options = [repository, withdraw, unsigned],
            Takes = CommonOptions.Json | CommonOptions.Root | CommonOptions.DryRun | CommonOptions.LockTimeout,
            Exits = [ExitCode.NotFound, ExitCode.Invalid, ExitCode.Refused, ExitCode.LockBusy],
            Complete = KeyNames.Complete,
            RunAsync = (context, parsed) => ValueTask.FromResult(Run(
                context, RepositoryPlace.Open(context, parsed.Given(repository)),
                parsed.Given(keys) ?? [], !parsed.Given(withdraw), parsed.Given(unsigned))),
        };
    }

    static ExitCode Run(PmContext context, DirectoryRepository repository, string[] words, bool trusts, bool unsigned)
    {
        if (words.Length == 0 && !unsigned)
        {
            PublisherList.Write(context, repository);
            return ExitCode.Ok;
        }

        var changes = words.Length == 0 ? [] : Change(context, repository, ring => Plan(context, ring, words, trusts));
        if (unsigned && !context.Settings.DryRun)
        {
            repository.AllowUnsigned(trusts, RepositoryPlace.Access(context));
        }

        RingChange.Write(context, changes);
        if (unsigned)
        {
            context.Terminal.Note($"packages that nobody signed {(context.Settings.DryRun ? "would be" : "are")} {(trusts ? "taken" : "refused")} from now on");
        }

        return ExitCode.Ok;
    }

    static IReadOnlyList<KeyringChange> Change(
        PmContext context, DirectoryRepository repository, Func<Keyring, IReadOnlyList<KeyringChange>> plan) =>
        context.Settings.DryRun ? plan(repository.Publishers()) : repository.ChangePublishers(plan, RepositoryPlace.Access(context));

    static IReadOnlyList<KeyringChange> Plan(PmContext context, Keyring ring, string[] words, bool trusts)
    {
        var now = context.Time.GetUtcNow();
        return trusts
            ? [.. words.SelectMany(word => PlanTrust(context, ring, word, now))]
            : [.. KeyNames.Require(ring, words).Select(record => ring.PlanDistrust(record.Fingerprint, now))];
    }

    /// <summary>A file first, then a key of the root's ring.</summary>
    static IReadOnlyList<KeyringChange> PlanTrust(PmContext context, Keyring ring, string word, DateTimeOffset now)
    {
        var isFile = word == KeyFile.StandardInput || File.Exists(context.FullPath(word));
        if (!isFile && (word.Contains('/', StringComparison.Ordinal) || Path.GetExtension(word) is ".asc" or ".gpg" or ".pgp" or ".key"))
        {
            KeyFile.Require(context, word);
        }

        var bytes = isFile ? KeyFile.Read(context, word) : OfRoot(context, word);
        var source = word == KeyFile.StandardInput ? "standard input" : isFile ? word : $"the ring of {context.Settings.Root}";
        return Require(ring.PlanImport(Signatures.Program(context), bytes, new ImportOptions(true, source, now), context.Cancellation));
    }

    static byte[] OfRoot(PmContext context, string word)
    {
        var ring = Keyring.OpenAt(context.Settings.Root);
        return Encoding.ASCII.GetBytes(ring.Export(ring.Require(word).Fingerprint));
    }

    static IReadOnlyList<KeyringChange> Require(IReadOnlyList<KeyringChange> changes) =>
        changes.FirstOrDefault(change => change.Record.State is TrustState.Revoked) is { } revoked
            ? throw new CommandException(
                ExitCode.Refused, "PM3008", $"the key of {Hostile.OneLine(revoked.Record.UserId)} ({revoked.Fingerprint}) was revoked by its owner")
            : changes;
}
