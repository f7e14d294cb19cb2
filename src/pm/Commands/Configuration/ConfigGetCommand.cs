using System.CommandLine;
using Pm.Cli.Configuration;
using Pm.Cli.Output;

namespace Pm.Cli.Commands.Configuration;

/// <summary><c>pm config get KEY</c></summary>
static class ConfigGetCommand
{
    public const string Summary = "print the value of a setting";

    public static CommandDeclaration Declare()
    {
        var key = new Argument<string>("KEY") { Description = "a setting: `pm config list` shows all" };
        var origin = ConfigListCommand.OriginOption();
        return new CommandDeclaration
        {
            Arguments = [key],
            Options = [origin],
            Takes = ConfigListCommand.Takes,
            Complete = (_, prefix) => SettingNames.Complete(prefix),
            RunAsync = (context, parsed) => ValueTask.FromResult(Run(context, SettingNames.Require(parsed.GetRequiredValue(key)), parsed.Given(origin))),
        };
    }

    static ExitCode Run(PmContext context, Setting setting, bool showsOrigin)
    {
        var value = SettingOutput.SourcesHere(context).Find(setting);
        if (context.Settings.Json)
        {
            JsonOutput.Write(context.Terminal, "config", json => SettingOutput.Write(json, setting, value));
            return ExitCode.Ok;
        }

        var text = Hostile.OneLine(value.Text is null ? "" : setting.Show(value.Text));
        context.Terminal.Data(showsOrigin ? $"{text}\t{Hostile.OneLine(value.Origin)}" : text);
        return ExitCode.Ok;
    }
}
