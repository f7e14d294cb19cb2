using System.CommandLine;
using Pm.Cli.Output;
using Pm.Repositories;
using Pm.Trust.Tuf;
using Pm.Trust.Tuf.Changes;

namespace Pm.Cli.Commands.Repositories;

/// <summary><c>pm repo sign FILE [--key KEY]… [--repo DIR]</c></summary>
static class RepoSignCommand
{
    public const string Summary = "show, sign and publish a change that waits for signatures";

    public static CommandDeclaration Declare()
    {
        var file = new Argument<string?>("FILE") { Description = "the change: a repository's pending.json, or a copy of it", Arity = ArgumentArity.ZeroOrOne };
        var key = RoleKeyOptions.KeyOption("a file of secret keys: they sign the change");
        var repository = new Option<string?>("--repo")
        {
            Description = "give the signatures to the repository in DIR, which publishes the change when there are enough",
            HelpName = "DIR",
        };
        var drop = new Option<bool>("--drop") { Description = "give up the change that waits in --repo" };
        return new CommandDeclaration
        {
            Arguments = [file],
            Options = [key, repository, drop],
            Takes = CommonOptions.Json | CommonOptions.DryRun | CommonOptions.Confirm | CommonOptions.LockTimeout,
            Exits = [ExitCode.NotFound, ExitCode.Refused, ExitCode.Conflict, ExitCode.LockBusy],
            RunAsync = (context, parsed) => ValueTask.FromResult(parsed.Given(drop)
                ? Drop(context, parsed.Given(file), parsed.Given(key), parsed.Given(repository))
                : Run(context, parsed.Given(file), parsed.Given(key), parsed.Given(repository))),
        };
    }

    static ExitCode Run(PmContext context, string? file, string[]? keys, string? repository)
    {
        if (file is null)
        {
            throw CommandException.Usage("PM1143", "which change: no file is named", "pm repo sign DIR/pending.json");
        }

        var path = context.FullPath(file);
        var change = Read(path, Hostile.OneLine(file));
        var secrets = RoleKeyOptions.Secrets(context, keys);
        if (secrets.IsEmpty && repository is null)
        {
            Write(context, change, file, []);
            return ExitCode.Ok;
        }

        change.RequireSound(context.Time.GetUtcNow());
        var signers = Signers(change, secrets);
        if (signers.Count > 0 && !context.Settings.DryRun)
        {
            Confirm(context, change, signers);
        }

        return repository is not null ? Take(context, context.FullPath(repository), change, signers) : Sign(context, path, file, change, signers);
    }

    /// <exception cref="ChangeException">PM3027: none of them has a say.</exception>
    static List<SecretKey> Signers(RepositoryChange change, IReadOnlyCollection<SecretKey> secrets)
    {
        var asked = secrets.Where(secret => change.Asks(secret.Public.Id)).ToList();
        if (asked.Count == 0 && secrets.FirstOrDefault() is { } one)
        {
            change.Sign(one);
        }

        return asked;
    }

    /// <summary>Whoever signs vouches for all of it, so it is shown to him first, with --quiet too; what it says is on the terminal, not in the data.</summary>
    static void Confirm(PmContext context, RepositoryChange change, List<SecretKey> signers)
    {
        if (context.Settings.Yes)
        {
            return;
        }

        foreach (var line in ChangeSummary.Of(change))
        {
            context.Terminal.Say($"{line.What}  {Hostile.OneLine(line.Role)}  {Hostile.OneLine(line.Detail)}");
        }

        if (!Prompt.Confirm(context, $"sign this with {string.Join(", ", signers.Select(key => key.Public.Id))}?", "add `-y` when you have read what is changed"))
        {
            throw new CommandException(ExitCode.Failed, "PM1102", "not confirmed: nothing was signed");
        }
    }

    static ExitCode Sign(PmContext context, string path, string file, RepositoryChange change, List<SecretKey> signers)
    {
        var signed = signers.Aggregate(change, (so, key) => so.Sign(key));
        if (!context.Settings.DryRun)
        {
            signed = ChangeFile.AddSignatures(path, Hostile.OneLine(file), signed, RepositoryPlace.Access(context));
        }

        Write(context, signed, file, signers);
        return ExitCode.Ok;
    }

    static ExitCode Take(PmContext context, string repository, RepositoryChange change, List<SecretKey> signers)
    {
        var outcome = DirectoryRepository.TakeSignatures(
            repository, change, context.Settings.DryRun, RepositoryPlace.Access(context) with { Keys = signers });
        ChangeReport.Write(context, outcome, Path.Join(repository, "pending.json"));
        return ExitCode.Ok;
    }

    static ExitCode Drop(PmContext context, string? file, string[]? keys, string? repository)
    {
        if (file is not null || keys is { Length: > 0 } || repository is null)
        {
            throw CommandException.Usage("PM1143", "--drop gives up the change that waits in a repository, and needs nothing but that", "pm repo sign --drop --repo DIR");
        }

        var place = RepositoryPlace.Open(context, repository);
        if (!context.Settings.DryRun)
        {
            place.DropPending(RepositoryPlace.Access(context));
        }
        else if (place.Pending is null)
        {
            throw new RepositoryException("PM5015", $"{place.Path}: no change waits here");
        }

        Outcome.Write(
            context, "change-dropped", json => json.WriteString("path"u8, place.Path),
            () => context.Terminal.Note(context.Settings.DryRun ? "would give up the change that waits" : "the change that waited is given up"));
        return ExitCode.Ok;
    }

    static void Write(PmContext context, RepositoryChange change, string file, List<SecretKey> signers) => Outcome.Write(
        context,
        "repository-change",
        json =>
        {
            json.WriteBoolean("published"u8, false);
            json.WriteString("file"u8, file);
            Outcome.WriteTexts(json, "signed_by", signers.Select(key => key.Public.Id));
            ChangeReport.WriteChange(json, change, ChangeSummary.Of(change));
        },
        () =>
        {
            ChangeReport.Show(context, change);
            foreach (var key in signers)
            {
                context.Terminal.Note($"{(context.Settings.DryRun ? "would sign" : "signed")} with {key.Public.Id}");
            }

            if (change.IsComplete)
            {
                context.Terminal.Note($"every signature is there: `pm repo sign {Hostile.OneLine(file)} --repo DIR` publishes it");
            }
        });

    static RepositoryChange Read(string path, string shown) =>
        ChangeFile.Read(NamedFile.Of(path, shown), shown) ?? throw new CommandException(ExitCode.NotFound, "PM0008", $"no such file: {shown}");
}
