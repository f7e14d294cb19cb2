using System.CommandLine;
using Pm.Cli.Output;
using Pm.Cli.Projects;
using Pm.Packages;
using Pm.Packages.Locks;

namespace Pm.Cli.Commands.Projects;

/// <summary><c>pm why NAME</c></summary>
static class WhyCommand
{
    public const string Summary = "say why a project uses a package";

    public static CommandDeclaration Declare()
    {
        var name = new Argument<string>("NAME") { Description = "a package that the project uses" };
        return new CommandDeclaration
        {
            Arguments = [name],
            Takes = CommonOptions.Json | CommonOptions.Project,
            Exits = [ExitCode.NotFound, ExitCode.Invalid],
            RunAsync = (context, parsed) => ValueTask.FromResult(Run(context, PackageName.Parse(parsed.GetRequiredValue(name)))),
        };
    }

    static ExitCode Run(PmContext context, PackageName name)
    {
        (context, var project) = ProjectAccess.Open(context);
        var file = LockedProject.Require(project);
        var graph = new LockGraph(project, file);
        var paths = LockedProject.Find(project, file, name).SelectMany(package => Paths(graph, package)).ToList();
        if (context.Settings.Json)
        {
            JsonOutput.Write(context.Terminal, "project-why", json =>
            {
                json.WriteStartObject();
                json.WriteString("name"u8, name.Text);
                json.WriteStartArray("paths"u8);
                foreach (var path in paths)
                {
                    json.WriteStartArray();
                    path.ForEach(step => json.WriteStringValue(step));
                    json.WriteEndArray();
                }

                json.WriteEndArray();
                json.WriteEndObject();
            });
            return ExitCode.Ok;
        }

        foreach (var path in paths)
        {
            context.Terminal.Data(Hostile.OneLine(string.Join(" → ", path)));
        }

        return ExitCode.Ok;
    }

    /// <summary>Of each that needs the package itself, the shortest path from the project to it.</summary>
    static IEnumerable<List<string>> Paths(LockGraph graph, LockedPackage package)
    {
        foreach (var needing in graph.Above(package))
        {
            var path = needing.Package is null ? ["the project"] : Shortest(graph, needing.Package);
            path[^1] += $" needs {needing.Need}{(needing.IsPrivate ? " for itself" : "")}";
            path.Add(package.Id.ToString());
            yield return path;
        }
    }

    /// <summary>Breadth first from below: the first that meets the project has the fewest steps.</summary>
    static List<string> Shortest(LockGraph graph, LockedPackage package)
    {
        var from = new Dictionary<LockedPackage, (LockedPackage? By, LockGraph.Node Need)>(ReferenceEqualityComparer.Instance);
        var open = new Queue<LockedPackage>([package]);
        from.Add(package, (null, new LockGraph.Node(null, null, false)));
        while (open.TryDequeue(out var next))
        {
            foreach (var above in graph.Above(next))
            {
                if (above.Package is null)
                {
                    return Down(from, next, above);
                }

                if (from.TryAdd(above.Package, (next, above)))
                {
                    open.Enqueue(above.Package);
                }
            }
        }

        return [package.Id.ToString()];
    }

    static List<string> Down(Dictionary<LockedPackage, (LockedPackage? By, LockGraph.Node Need)> from, LockedPackage top, LockGraph.Node first)
    {
        var path = new List<string> { $"the project needs {first.Need}" };
        for (var at = top; ;)
        {
            var (by, need) = from[at];
            path.Add(by is null ? at.Id.ToString() : $"{at.Id} needs {need.Need}");
            if (by is null)
            {
                return path;
            }

            at = by;
        }
    }
}
