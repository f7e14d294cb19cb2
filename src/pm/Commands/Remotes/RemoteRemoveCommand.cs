using System.CommandLine;
using Pm.Cli.Output;
using Pm.Cli.Roots;
using Pm.Linux;
using Pm.Remotes;
using Pm.Stages.Roots;
using Pm.Storage;

namespace Pm.Cli.Commands.Remotes;

/// <summary><c>pm remote remove NAME…</c></summary>
static class RemoteRemoveCommand
{
    public const string Summary = "forget remotes; what is installed from them stays";

    public static CommandDeclaration Declare()
    {
        var names = new Argument<string[]>("NAME") { Description = "a remote's name or URL", Arity = ArgumentArity.OneOrMore };
        return new CommandDeclaration
        {
            Arguments = [names],
            Takes = CommonOptions.Json | CommonOptions.Root | CommonOptions.DryRun | CommonOptions.LockTimeout,
            Exits = [ExitCode.NotFound, ExitCode.LockBusy],
            Complete = RemoteNames.Complete,
            RunAsync = (context, parsed) => ValueTask.FromResult(Run(context, parsed.GetRequiredValue(names))),
        };
    }

    static ExitCode Run(PmContext context, string[] names)
    {
        using (var looking = RootAccess.Open(context))
        {
            var remotes = names.Select(n => RemoteNames.Require(looking, n)).ToList();
            if (context.Settings.DryRun)
            {
                Write(context, remotes);
                return ExitCode.Ok;
            }
        }

        using var session = RootAccess.OpenForChange(context);
        var removed = new List<RemoteDefinition>();
        foreach (var name in names)
        {
            removed.Add(RemoteNames.Require(session, name));
            Remove(session, removed[^1]);
        }

        Write(context, removed);
        return ExitCode.Ok;
    }

    static void Write(PmContext context, List<RemoteDefinition> remotes) => Outcome.Write(
        context,
        "remotes-removed",
        json => Outcome.WriteTexts(json, "remotes", remotes.Select(r => r.Name)),
        () => context.Terminal.Note(
            $"{(context.Settings.DryRun ? "would forget" : "forgot")} {string.Join(", ", remotes.Select(r => $"{r.Name} ({r.Url})"))}"));

    /// <summary>Its metadata goes too: were the name used again for another URL, the old root would be trusted for it.</summary>
    static void Remove(RootSession session, RemoteDefinition remote)
    {
        session.Change(session.Remotes.Without(remote.Name));
        new RootIndexes(session.Root).Remove(remote.Name);
        var directory = Catalogue.MetadataDirectory(session.Root, remote);
        using var parent = DirectoryHandle.TryOpen(Path.GetDirectoryName(directory)!);
        if (parent?.Status(Path.GetFileName(directory)) is not null)
        {
            parent.RemoveTree(Path.GetFileName(directory));
            parent.Sync();
        }
    }
}
