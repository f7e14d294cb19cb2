using System.CommandLine;
using Pm.Cli.Configuration;
using Pm.Cli.Output;
using Pm.Packages;

namespace Pm.Cli.Commands.Configuration;

/// <summary><c>pm config set KEY VALUE</c></summary>
static class ConfigSetCommand
{
    public const string Summary = "set a setting in a configuration file";

    public static CommandDeclaration Declare()
    {
        var key = new Argument<string>("KEY") { Description = "a setting: `pm config list` shows all" };
        var value = new Argument<string>("VALUE") { Description = "what it is to be; a path may be relative, and is written whole" };
        var place = new SettingTargetOptions();
        return new CommandDeclaration
        {
            Arguments = [key, value],
            Options = place.All,
            Takes = SettingTargetOptions.Takes,
            Exits = SettingTargetOptions.Exits,
            MendsConfiguration = true,
            Complete = (_, prefix) => SettingNames.Complete(prefix),
            RunAsync = (context, parsed) => ValueTask.FromResult(
                Run(context, SettingNames.Require(parsed.GetRequiredValue(key)), parsed.GetRequiredValue(value), place.Read(context, parsed))),
        };
    }

    static ExitCode Run(PmContext context, Setting setting, string text, SettingTarget target)
    {
        Check(setting, text, target);
        var edit = new SettingEdit(context, target);
        text = edit.Set(setting, text);
        var isChanged = edit.IsChanged;
        if (isChanged && !context.Settings.DryRun)
        {
            SettingTargetOptions.Save(target, edit);
        }

        Outcome.Write(
            context,
            "config-set",
            json =>
            {
                json.WriteString("name"u8, setting.Name);
                json.WritePropertyName("value"u8);
                SettingOutput.WriteValue(json, setting, text);
                json.WriteString("file"u8, target.Path);
                json.WriteBoolean("changed"u8, isChanged);
            },
            () =>
            {
                context.Terminal.Note(Hostile.OneLine($"{setting.Name} = {text}{(isChanged ? "" : " already")}, in {target.Path}"));
                if (context.Settings.DryRun)
                {
                    context.Terminal.Note("nothing was changed (dry run)");
                }
            });
        NoteWinner(context, setting, target);
        return ExitCode.Ok;
    }

    /// <exception cref="CommandException">PM1200, PM1203, PM1204: it cannot have the value, or not there.</exception>
    static void Check(Setting setting, string text, SettingTarget target)
    {
        if (!setting.Accepts(text))
        {
            throw CommandException.Usage("PM1200", $"`{setting.Name}`: expected {setting.Expected}, got `{text}`");
        }

        if (setting.Secret(text) is { } why)
        {
            throw CommandException.Usage("PM1203", $"`{setting.Name}`: {why}, and a configuration file is no place for one", SecretNames.Hint(setting));
        }

        if (target.Level is SettingLevel.Project && !setting.IsForProjects(text))
        {
            throw CommandException.Usage(
                "PM1204", setting.InProject is ProjectRule.Never ? $"a project cannot set `{setting.Name}`" : $"a project can set `{setting.Name}` to true alone",
                $"`pm config set {setting.Name} {text}` sets it for you");
        }
    }

    /// <summary>Who sets something and sees nothing of it is told why.</summary>
    static void NoteWinner(PmContext context, Setting setting, SettingTarget target)
    {
        try
        {
            var value = SettingOutput.SourcesHere(context).Find(setting);
            if (value.Level > target.Level)
            {
                context.Terminal.Note(Hostile.OneLine($"here {value.Origin} wins over it: {setting.Show(value.Text ?? "")}"));
            }
        }
        catch (Exception e) when (e is CommandException or PackageFormatException)
        {
            // What else is wrong is not what this command was asked about.
        }
    }
}
