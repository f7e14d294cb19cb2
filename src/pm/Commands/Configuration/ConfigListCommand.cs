using System.CommandLine;
using Pm.Cli.Configuration;
using Pm.Cli.Output;

namespace Pm.Cli.Commands.Configuration;

/// <summary><c>pm config list</c></summary>
static class ConfigListCommand
{
    public const string Summary = "show every setting, and who sets it";

    /// <summary>What says a setting on other commands can be given here, to see what it would do there.</summary>
    public const CommonOptions Takes =
        CommonOptions.Reads | CommonOptions.Confirm | CommonOptions.Progress | CommonOptions.LockTimeout | CommonOptions.Offline | CommonOptions.Network;

    public static CommandDeclaration Declare()
    {
        var origin = OriginOption();
        return new CommandDeclaration
        {
            Options = [origin],
            Takes = Takes,
            RunAsync = (context, parsed) => ValueTask.FromResult(Run(context, parsed.Given(origin))),
        };
    }

    public static Option<bool> OriginOption() => new("--show-origin") { Description = "show who sets it: a flag, a variable, a line of a file, or nobody" };

    static ExitCode Run(PmContext context, bool showsOrigin)
    {
        var sources = SettingOutput.SourcesHere(context);
        if (context.Settings.Json)
        {
            JsonOutput.Write(context.Terminal, "config-list", json =>
            {
                json.WriteStartObject();
                json.WriteStartArray("settings"u8);
                foreach (var setting in SettingTable.All)
                {
                    SettingOutput.Write(json, setting, sources.Find(setting));
                }

                json.WriteEndArray();
                json.WriteEndObject();
            });
            return ExitCode.Ok;
        }

        var table = showsOrigin ? new Table("SETTING", "VALUE", "ORIGIN") : new Table("SETTING", "VALUE");
        foreach (var setting in SettingTable.All)
        {
            var value = sources.Find(setting);
            var text = value.Text is null ? "" : setting.Show(value.Text);
            table.Add(showsOrigin ? [setting.Name, text, value.Origin] : [setting.Name, text]);
        }

        table.Write(context.Terminal);
        return ExitCode.Ok;
    }
}
