using System.CommandLine;
using Pm.Cli.Configuration;
using Pm.Cli.Output;

namespace Pm.Cli.Commands.Configuration;

/// <summary><c>pm config unset KEY…</c></summary>
static class ConfigUnsetCommand
{
    public const string Summary = "take settings out of a configuration file";

    public static CommandDeclaration Declare()
    {
        var keys = new Argument<string[]>("KEY") { Description = "a setting, or another key that stands there", Arity = ArgumentArity.OneOrMore };
        var place = new SettingTargetOptions();
        return new CommandDeclaration
        {
            Arguments = [keys],
            Options = place.All,
            Takes = SettingTargetOptions.Takes,
            Exits = SettingTargetOptions.Exits,
            MendsConfiguration = true,
            Complete = (_, prefix) => SettingNames.Complete(prefix),
            RunAsync = (context, parsed) => ValueTask.FromResult(Run(context, parsed.Given(keys) ?? [], place.Read(context, parsed))),
        };
    }

    static ExitCode Run(PmContext context, string[] keys, SettingTarget target)
    {
        var edit = new SettingEdit(context, target);
        var there = edit.Names.ToHashSet(StringComparer.Ordinal);
        foreach (var key in keys.Where(key => !there.Contains(key)))
        {
            // What pm does not know can be taken out: it is there by mistake.
            SettingNames.Require(key);
        }

        string[] removed = [.. keys.Distinct().Where(edit.Remove)];
        if (removed.Length > 0 && !context.Settings.DryRun)
        {
            SettingTargetOptions.Save(target, edit);
        }

        Outcome.Write(
            context,
            "config-unset",
            json =>
            {
                Outcome.WriteTexts(json, "unset", removed);
                json.WriteString("file"u8, target.Path);
            },
            () =>
            {
                foreach (var key in keys.Distinct())
                {
                    context.Terminal.Note(Hostile.OneLine(
                        $"{key}: {(removed.Contains(key) ? context.Settings.DryRun ? "would be taken out of" : "taken out of" : "not set in")} {target.Path}"));
                }

                if (context.Settings.DryRun)
                {
                    context.Terminal.Note("nothing was changed (dry run)");
                }
            });
        return ExitCode.Ok;
    }
}
