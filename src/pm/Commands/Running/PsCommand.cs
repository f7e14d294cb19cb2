using System.Globalization;
using Pm.Cli.Output;
using Pm.Cli.Roots;
using Pm.Ebpf.Pinning;

namespace Pm.Cli.Commands.Running;

/// <summary><c>pm ps</c></summary>
static class PsCommand
{
    public const string Summary = "list what runs on its own";

    public static CommandDeclaration Declare() => new()
    {
        Takes = CommonOptions.Json,
        Exits = [ExitCode.NotPermitted],
        RunAsync = (context, _) => ValueTask.FromResult(Run(context)),
    };

    static ExitCode Run(PmContext context)
    {
        var all = PinnedObject.All(name => context.Terminal.Say($"warning: {name}: what is kept of it cannot be read; `pm stop {name}` ends it [PM8058]"));
        try
        {
            if (PinnedObject.CountLeft() is > 0 and var left)
            {
                context.Terminal.Say(string.Create(CultureInfo.InvariantCulture, $"warning: {left} more may be at their hooks, of a pm that was killed; `pm stop --all` ends them, too"));
            }

            if (context.Settings.Json)
            {
                WriteJson(context, all);
                return ExitCode.Ok;
            }

            var table = new Table("NAME", "PROGRAMS", "SINCE", "OBJECT") { CutsPaths = true };
            foreach (var one in all)
            {
                table.Add($"{one.Name}", $"{one.Record.Programs.Length}", $"{one.Record.Started:yyyy-MM-dd HH:mm}", one.Record.Path);
            }

            table.Write(context.Terminal);
            if (all.Count == 0)
            {
                context.Terminal.Note("nothing runs on its own; `pm run -d` starts something");
            }

            return ExitCode.Ok;
        }
        finally
        {
            foreach (var one in all)
            {
                one.Dispose();
            }
        }
    }

    static void WriteJson(PmContext context, IReadOnlyList<PinnedObject> all) => JsonOutput.Write(context.Terminal, "ps", json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("running"u8);
        foreach (var one in all)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, $"{one.Name}");
            json.WriteString("object"u8, one.Record.Path);
            json.WriteString("since"u8, PackageJson.Time(one.Record.Started));
            Outcome.WriteTexts(json, "programs", one.Record.Programs);
            Outcome.WriteTexts(json, "maps", one.Record.Maps.Where(m => !m.StartsWith('.')));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });
}
