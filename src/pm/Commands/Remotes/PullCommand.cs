using System.Collections.Immutable;
using System.CommandLine;
using Pm.Cli.Output;
using Pm.Cli.Roots;
using Pm.Remotes;
using Pm.Stages.Pulling;
using Pm.Stages.Roots;

namespace Pm.Cli.Commands.Remotes;

/// <summary><c>pm pull [NAME…]</c></summary>
static class PullCommand
{
    public const string Summary = "ask the remotes what they offer";

    public static CommandDeclaration Declare()
    {
        var names = new Argument<string[]>("NAME") { Description = "a remote; all of them when none is named", Arity = ArgumentArity.ZeroOrMore };
        return new CommandDeclaration
        {
            Arguments = [names],
            Takes = CommonOptions.Json | CommonOptions.Root | CommonOptions.DryRun | CommonOptions.LockTimeout | CommonOptions.Progress | CommonOptions.Offline | CommonOptions.Network,
            Exits = [ExitCode.NotFound, ExitCode.Refused, ExitCode.Unreachable, ExitCode.LockBusy, ExitCode.Partial],
            Complete = RemoteNames.Complete,
            RunAsync = (context, parsed) => RunAsync(context, parsed.Given(names) ?? []),
        };
    }

    static async ValueTask<ExitCode> RunAsync(PmContext context, string[] names)
    {
        using (var looking = RootAccess.TryOpen(context))
        {
            if (looking is null || looking.Remotes.Remotes.IsEmpty)
            {
                throw new CommandException(
                    ExitCode.NotFound, "PM1125", $"{context.Settings.Root} has no remotes", "`pm remote add URL` adds one");
            }

            var chosen = Choose(looking, names);
            RequireReach(context, chosen);
            if (context.Settings.DryRun)
            {
                Outcome.Write(
                    context, "pull", json => Outcome.WriteTexts(json, "remotes", chosen.Select(r => r.Name)),
                    () => context.Terminal.Note($"would ask {string.Join(", ", chosen.Select(r => r.Url.Text))}"));
                return ExitCode.Ok;
            }
        }

        using var session = RootAccess.OpenForChange(context);
        using var progress = new Progress(context, "pulling");
        var pulls = await RemotePull.RunAsync(
            session, Choose(session, names), context.Time.GetUtcNow(), RootAccess.Observer(context, progress), context.Cancellation);
        progress.Dispose();
        return Report(context, pulls);
    }

    /// <exception cref="CommandException">PM7504: --offline, and a remote is elsewhere.</exception>
    static void RequireReach(PmContext context, ImmutableArray<RemoteDefinition> chosen)
    {
        if (context.Settings.Offline && chosen.FirstOrDefault(r => r.Places.Any(place => place.Kind is not RemoteKind.File)) is { } far)
        {
            throw new CommandException(
                ExitCode.Unreachable, "PM7504", $"remote `{far.Name}` ({far.Url}) is not on this machine, and --offline was given", "`pm search` and `pm install` go by what was pulled before");
        }
    }

    static ImmutableArray<RemoteDefinition> Choose(RootSession session, string[] names) =>
        names.Length == 0 ? session.Remotes.Remotes : [.. names.Select(n => RemoteNames.Require(session, n))];

    static ExitCode Report(PmContext context, IReadOnlyList<RemotePull> pulls)
    {
        var failures = pulls.Where(p => p.Failure is not null).Select(Describe).ToList();
        if (context.Settings.Json)
        {
            WriteJson(context, pulls);
        }
        else
        {
            WriteText(context, pulls);
        }

        failures.ForEach(f => ErrorReport.Print(context, f));
        return failures.Count == 0 ? ExitCode.Ok
            : failures.Count < pulls.Count ? ExitCode.Partial
            : failures[0].Exit;
    }

    /// <summary>Whose fault it is stands in every message: the remote, and which of its places.</summary>
    static Failure Describe(RemotePull pull)
    {
        var failure = ErrorReport.Describe(pull.Failure!);
        var source = pull.Source ?? pull.Remote.Url.Text;
        var place = failure.Message.Contains("://", StringComparison.Ordinal) ? "" : $" ({source})";
        var name = $"remote `{pull.Remote.Name}`: ";
        var isNamed = failure.Message.StartsWith(name, StringComparison.Ordinal);
        return failure with { Message = $"{(isNamed ? "" : name)}{failure.Message}{place}" };
    }

    static void WriteText(PmContext context, IEnumerable<RemotePull> pulls)
    {
        var table = new Table("REMOTE", "STATE", "PACKAGES", "NEW", "EXPIRES");
        foreach (var pull in pulls)
        {
            table.Add(
                pull.Remote.Name,
                pull.Result switch { null => "failed", { IsNew: true } => "updated", _ => "unchanged" },
                pull.Result is { } result ? $"{result.Packages}" : "-",
                pull.Result is { } added ? $"{added.Changes.Added.Length}" : "-",
                pull switch { { Result: null } => "-", { Remote.IsPlain: true } => "not signed", _ => $"{pull.Result.Expires:yyyy-MM-dd}" });
        }

        table.Write(context.Terminal);
        foreach (var pull in pulls)
        {
            if (pull is { Remote.IsPlain: true, Result: not null })
            {
                context.Terminal.Note($"{pull.Remote.Name}: its packages are signed, its list is not: nobody can tell an old list that is shown again (replay)");
            }

            foreach (var yanked in pull.Result?.Changes.Yanked ?? [])
            {
                context.Terminal.Note($"{pull.Remote.Name}: {yanked} was yanked");
            }

            foreach (var ignored in pull.Result?.Ignored ?? [])
            {
                context.Terminal.Note(Hostile.OneLine($"{pull.Remote.Name}: ignored: {ignored}"));
            }
        }
    }

    static void WriteJson(PmContext context, IEnumerable<RemotePull> pulls) => JsonOutput.Write(context.Terminal, "pull", json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("remotes"u8);
        foreach (var pull in pulls)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, pull.Remote.Name);
            if (pull.Result is { } result)
            {
                json.WriteBoolean("updated"u8, result.IsNew);
                json.WriteNumber("packages"u8, result.Packages);
                json.WriteBoolean("plain"u8, pull.Remote.IsPlain);
                if (!pull.Remote.IsPlain)
                {
                    json.WriteString("expires"u8, PackageJson.Time(result.Expires));
                }

                json.WriteStartArray("added"u8);
                foreach (var id in result.Changes.Added)
                {
                    json.WriteStringValue(id);
                }

                json.WriteEndArray();
            }
            else
            {
                json.WriteString("error"u8, Describe(pull).Message);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });
}
