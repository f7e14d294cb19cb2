using System.CommandLine;
using Pm.Cli.Output;
using Pm.Cli.Roots;
using Pm.Stages.Projects;
using Pm.Stages.Roots;
using Pm.Storage;

namespace Pm.Cli.Commands.Roots;

/// <summary><c>pm gc</c></summary>
static class GcCommand
{
    public const string Summary = "free what no generation needs any more";

    const int MostKept = 1_000_000;

    public static CommandDeclaration Declare()
    {
        var keep = new Option<int?>("--keep") { Description = "leave the last N generations of each root (default: 10)", HelpName = "N" };
        keep.CustomParser = result =>
        {
            if (int.TryParse(result.Tokens[0].Value, System.Globalization.NumberStyles.None, null, out var number) && number is > 0 and <= MostKept)
            {
                return number;
            }

            result.AddError($"--keep: expected a number from 1 on, got `{result.Tokens[0].Value}`");
            return null;
        };
        var age = Days.Option("--older-than", "leave generations younger than AGE (default: 30d)");
        var why = new Option<string?>("--why") { Description = "say why X, a path, a hash or a package, is kept, and free nothing", HelpName = "X" };
        var forget = new Option<string?>("--forget") { Description = "the root DIR is gone for good: stop keeping what it needed", HelpName = "DIR" };
        return new CommandDeclaration
        {
            Options = [keep, age, why, forget],
            Takes = CommonOptions.Json | CommonOptions.Root | CommonOptions.DryRun | CommonOptions.Progress | CommonOptions.LockTimeout,
            Exits = [ExitCode.NotFound, ExitCode.Conflict, ExitCode.LockBusy],
            RunAsync = (context, parsed) => ValueTask.FromResult(parsed.Given(forget) is { } root
                ? Forget(context, context.FullPath(root))
                : Run(context, Rules(context, parsed.Given(keep), parsed.Given(age)), parsed.Given(why))),
        };
    }

    static KeepRules Rules(PmContext context, int? keep, TimeSpan? age)
    {
        var usual = new KeepRules { Now = context.Time.GetUtcNow(), NeededFor = LockedNeeds.Of };
        return usual with { Generations = keep ?? usual.Generations, Age = age ?? usual.Age };
    }

    static ExitCode Run(PmContext context, KeepRules rules, string? why)
    {
        using var session = RootAccess.TryOpen(context);
        using var store = Store.TryOpen(session?.Root.Settings.StorePath ?? context.Settings.Store);
        if (store is null)
        {
            return why is null ? Nothing(context) : throw Collection.NothingKnown(why);
        }

        if (why is not null)
        {
            return Collection.Why(context, session, store, rules, why);
        }

        if (context.Settings.DryRun)
        {
            Collection.Write(context, store, GarbageCollection.Plan(store, rules), isDry: true);
            return ExitCode.Ok;
        }

        Collection.Write(context, store, Collect(context, session, store, rules), isDry: false);
        return ExitCode.Ok;
    }

    static ExitCode Forget(PmContext context, string path)
    {
        using var session = RootAccess.TryOpen(context);
        using var store = Store.TryOpen(session?.Root.Settings.StorePath ?? context.Settings.Store);
        var roots = store is null ? null : new StoreRoots(store);
        if (roots?.Find(path) is null)
        {
            throw new CommandException(
                ExitCode.NotFound, "PM1117", $"{Hostile.OneLine(path)}: no root of that path uses the store", "`pm gc -n` lists the roots");
        }

        using (var there = Root.TryOpen(path))
        {
            if (there is not null)
            {
                throw new CommandException(
                    ExitCode.Conflict, "PM1118", $"{Hostile.OneLine(path)}: this root is there and in use", "remove its directory first");
            }
        }

        if (!context.Settings.DryRun)
        {
            roots.Remove(path);
        }

        context.Terminal.Note(
            $"{Hostile.OneLine(path)} {(context.Settings.DryRun ? "would be" : "is")} forgotten; `pm gc` frees what only it needed");
        return ExitCode.Ok;
    }

    static CollectionPlan Collect(PmContext context, RootSession? session, Store store, KeepRules rules)
    {
        using var progress = new Progress(context, "freeing");
        session?.Partials.Clean(rules.Now, TimeSpan.Zero);
        return GarbageCollection.Run(store, rules, RootAccess.Writer(context), progress.Describe, Note, context.Cancellation);

        void Note(string line) => context.Terminal.Note(Hostile.OneLine(line));
    }

    static ExitCode Nothing(PmContext context)
    {
        if (context.Settings.Json)
        {
            Collection.WriteNothing(context);
        }

        context.Terminal.Note($"there is no store at {context.Settings.Store}: nothing to free");
        return ExitCode.Ok;
    }
}
