using System.CommandLine;
using Pm.Cli.Output;
using Pm.Cli.Roots;
using Pm.Stages.Looking;

namespace Pm.Cli.Commands.Roots;

/// <summary><c>pm info NAME[@VERSION]…</c></summary>
static class InfoCommand
{
    public const string Summary = "show what is known of a package";

    public static CommandDeclaration Declare()
    {
        var names = new Argument<string[]>("PACKAGE")
        {
            Description = "`NAME`, or `NAME@VERSION`",
            Arity = ArgumentArity.OneOrMore,
        };
        return new CommandDeclaration
        {
            Arguments = [names],
            Takes = CommonOptions.Reads,
            Exits = [ExitCode.NotFound],
            Complete = RootCompletion.Known,
            RunAsync = (context, parsed) => ValueTask.FromResult(Run(context, parsed.GetRequiredValue(names))),
        };
    }

    static ExitCode Run(PmContext context, IReadOnlyList<string> texts)
    {
        var wanted = texts.Select(t => Targets.NameOf(context, t)).ToList();
        using var session = RootAccess.TryOpen(context);
        var found = wanted.Select(w => (session is null ? null : PackageInformation.Find(session, w))
            ?? throw PackageNames.Unknown(context, session, w)).ToList();
        if (context.Settings.Json)
        {
            JsonOutput.Write(context.Terminal, "package-info", json =>
            {
                json.WriteStartObject();
                json.WriteStartArray("packages"u8);
                found.ForEach(information => InformationOutput.WriteJson(json, information, session!));
                json.WriteEndArray();
                json.WriteEndObject();
            });
            return ExitCode.Ok;
        }

        for (var i = 0; i < found.Count; i++)
        {
            if (i > 0)
            {
                context.Terminal.Data("");
            }

            InformationOutput.Write(context.Terminal, found[i], session!);
        }

        return ExitCode.Ok;
    }
}
