using System.CommandLine;
using Pm.Cli.Output;
using Pm.Cli.Roots;
using Pm.Packages;
using Pm.Stages.Looking;
using Pm.Stages.Roots;

namespace Pm.Cli.Commands.Roots;

/// <summary><c>pm owns PATH…</c></summary>
static class OwnsCommand
{
    public const string Summary = "say which package a file belongs to";

    public static CommandDeclaration Declare()
    {
        var paths = new Argument<string[]>("PATH")
        {
            Description = "a path: absolute, relative to the working directory, or relative to the root",
            Arity = ArgumentArity.OneOrMore,
        };
        return new CommandDeclaration
        {
            Arguments = [paths],
            Takes = CommonOptions.Reads,
            Exits = [ExitCode.NotFound],
            RunAsync = (context, parsed) => ValueTask.FromResult(Run(context, parsed.GetRequiredValue(paths))),
        };
    }

    static ExitCode Run(PmContext context, IReadOnlyList<string> texts)
    {
        using var session = RootAccess.Open(context);
        var questions = texts.Select(text => (Text: text, Candidates: RootPaths.Candidates(context, session.Root, text))).ToList();
        var owners = Owners(session, [.. questions.SelectMany(q => q.Candidates).Distinct()]);
        var answers = questions.Select(q => (q.Text, q.Candidates, Owners: q.Candidates
            .Select(path => owners.Where(o => o.Path == path).ToList()).FirstOrDefault(found => found.Count > 0) ?? [])).ToList();
        if (context.Settings.Json)
        {
            WriteJson(context, answers.Select(a => (a.Text, a.Owners)));
        }
        else
        {
            WriteText(context, answers);
        }

        return answers.TrueForAll(a => a.Owners.Count > 0) ? ExitCode.Ok : ExitCode.NotFound;
    }

    static IReadOnlyList<PathOwner> Owners(RootSession session, IReadOnlyCollection<string> paths) =>
        session.Root.Current is { } current && paths.Count > 0 ? PathOwners.Find(session.Store, current.Packages, paths) : [];

    static void WriteText(
        PmContext context, IReadOnlyList<(string Text, IReadOnlyList<string> Candidates, List<PathOwner> Owners)> answers)
    {
        var table = new Table("PATH", "PACKAGE", "VERSION");
        foreach (var (text, _, owners) in answers)
        {
            owners.ForEach(o => table.Add(text, o.Package.Id.Name.Text, o.Package.Id.Version.Text));
        }

        table.Write(context.Terminal);
        foreach (var (text, candidates, _) in answers.Where(a => a.Owners.Count == 0))
        {
            ErrorReport.Print(context, candidates.Count > 0
                ? new Failure(ExitCode.NotFound, "PM1112", $"{text}: no installed package owns it")
                : new Failure(ExitCode.NotFound, "PM1112", $"{text}: not below the root {context.Settings.Root}", "name its root with `--root DIR`"));
        }
    }

    static void WriteJson(PmContext context, IEnumerable<(string Text, List<PathOwner> Owners)> answers) =>
        JsonOutput.Write(context.Terminal, "owner-list", json =>
        {
            json.WriteStartObject();
            json.WriteString("root"u8, context.Settings.Root);
            json.WriteStartArray("paths"u8);
            foreach (var (text, owners) in answers)
            {
                json.WriteStartObject();
                json.WriteString("path"u8, PathText.Show(text));
                json.WriteStartArray("owners"u8);
                foreach (var owner in owners)
                {
                    json.WriteStartObject();
                    json.WriteString("name"u8, owner.Package.Id.Name.Text);
                    json.WriteString("version"u8, owner.Package.Id.Version.Text);
                    json.WriteString("path"u8, PathText.Show(owner.Path));
                    json.WriteString("kind"u8, PackageJson.Kind(owner.Entry?.Kind ?? EntryKind.Directory));
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
}
