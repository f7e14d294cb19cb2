using System.CommandLine;
using System.Text.Json;
using Pm.Cli.Output;
using Pm.Cli.Projects;
using Pm.Packages;
using Pm.Packages.Locks;
using Pm.Packages.Manifests;
using Pm.Stages.Projects;

namespace Pm.Cli.Commands.Projects;

/// <summary><c>pm tree [-i NAME]</c></summary>
static class TreeCommand
{
    public const string Summary = "show what a project uses, and why";

    public static CommandDeclaration Declare()
    {
        var inverted = new Option<string?>("--invert", "-i") { Description = "show what needs NAME, up to the project", HelpName = "NAME" };
        return new CommandDeclaration
        {
            Options = [inverted],
            Takes = CommonOptions.Json | CommonOptions.Project,
            Exits = [ExitCode.NotFound, ExitCode.Invalid],
            RunAsync = (context, parsed) => ValueTask.FromResult(Run(context, parsed.Given(inverted))),
        };
    }

    static ExitCode Run(PmContext context, string? inverted)
    {
        (context, var project) = ProjectAccess.Open(context);
        var file = LockedProject.Require(project);
        if (context.Settings.Json)
        {
            JsonOutput.Write(context.Terminal, "project-tree", json => WriteJson(json, project, file));
            return ExitCode.Ok;
        }

        var graph = new LockGraph(project, file);
        if (inverted is null)
        {
            context.Terminal.Data(Hostile.OneLine(project.Name));
            Print(context, graph.Top, n => graph.Below(n), "", []);
            return ExitCode.Ok;
        }

        foreach (var start in LockedProject.Find(project, file, PackageName.Parse(inverted)))
        {
            context.Terminal.Data(Hostile.OneLine(Describe(start)));
            Print(context, graph.Above(start), n => n.Package is { } package ? graph.Above(package) : [], "", []);
        }

        return ExitCode.Ok;
    }

    /// <summary>Depth first; what was shown with its branches is not shown with them again.</summary>
    static void Print(PmContext context, IReadOnlyList<LockGraph.Node> nodes, Func<LockGraph.Node, IReadOnlyList<LockGraph.Node>> next, string indent, HashSet<LockedPackage> shown)
    {
        for (var i = 0; i < nodes.Count; i++)
        {
            var isLast = i == nodes.Count - 1;
            var node = nodes[i];
            var isNew = node.Package is null || shown.Add(node.Package);
            var branches = isNew ? next(node) : [];
            var again = !isNew && next(node).Count > 0 ? " (*)" : "";
            var text = node.Package is { } package ? Describe(package) : "the project";
            var mark = node.IsPrivate ? " [private]" : "";
            context.Terminal.Data(Hostile.OneLine($"{indent}{(isLast ? "└── " : "├── ")}{text}{mark}{again}"));
            if (indent.Length < LockGraph.DeepestShown * 4)
            {
                Print(context, branches, next, indent + (isLast ? "    " : "│   "), shown);
            }
        }
    }

    static string Describe(LockedPackage package) => $"{package.Id.Name} {LockOutput.Version(package)}{(package.Source is RemoteSource ? "" : $" ({SourceKeys.Describe(package.Source)})")}";

    static void WriteJson(Utf8JsonWriter json, Project project, Lockfile file)
    {
        json.WriteStartObject();
        json.WriteString("project"u8, project.Directory);
        json.WriteStartArray("packages"u8);
        foreach (var package in file.Packages)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, package.Id.Name.Text);
            json.WriteString("version"u8, package.Id.Version.Text);
            json.WriteString("for"u8, package.Tree.Length == 0 ? null : package.Tree);
            json.WriteString("source"u8, SourceKeys.Describe(package.Source));
            json.WriteString("hash"u8, package.Hash?.ToString());
            json.WriteString("commit"u8, package.Commit);
            json.WriteString("signer"u8, package.Signer);
            json.WriteStartArray("needs"u8);
            foreach (var need in package.Needs)
            {
                json.WriteStartObject();
                json.WriteString("name"u8, need.Name.Text);
                json.WriteString("versions"u8, need.Versions.ToString());
                json.WriteBoolean("private"u8, need.IsPrivate);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
