using Pm.Cli.Output;
using Pm.Cli.Roots;
using Pm.Packages;
using Pm.Packages.Locks;
using Pm.Packages.Manifests;
using Pm.Stages.Projects;
using Pm.Stages.Roots;

namespace Pm.Cli.Projects;

/// <summary><c>pm outdated</c> of a project: what newer versions its remotes had when they were last asked.</summary>
static class ProjectOutdated
{
    sealed record Row(LockedPackage Locked, PackageVersion? Wanted, PackageVersion? Latest);

    public static ExitCode Run(PmContext context, bool showsInExit)
    {
        (context, var project) = ProjectAccess.Open(context);
        var file = LockedProject.Require(project);
        using var session = OwnRoot.IsOurs(context, project.Directory) ? RootSession.TryOpen(project.RootPath, () => HttpAccess.Settings(context)) : null;
        var rows = file.Packages.Where(p => p.Source is RemoteSource).Select(p => RowOf(project, file, p, session))

            .Where(r => r.Latest is not null && (r.Wanted != r.Locked.Id.Version || r.Latest != r.Locked.Id.Version)).ToList();
        if (context.Settings.Json)
        {
            WriteJson(context, project, rows);
        }
        else
        {
            var table = new Table("PACKAGE", "CURRENT", "WANTED", "LATEST", "FOR");
            rows.ForEach(r => table.Add(r.Locked.Id.Name.Text, r.Locked.Id.Version.Text, r.Wanted?.Text ?? "-", r.Latest?.Text ?? "-", r.Locked.Tree.Length == 0 ? "-" : r.Locked.Tree));
            table.Write(context.Terminal);
            if (rows.Count == 0)
            {
                context.Terminal.Note("everything is at its newest version, as of the last time the remotes were asked; `pm update` asks them");
            }
        }

        return showsInExit && rows.Count > 0 ? ExitCode.Findings : ExitCode.Ok;
    }

    /// <summary>Wanted: the newest that all who need it are content with; latest: the newest there is.</summary>
    static Row RowOf(Project project, Lockfile file, LockedPackage package, RootSession? session)
    {
        var needs = file.Packages.SelectMany(p => p.Needs.Where(n => n.Name == package.Id.Name && p.TreeOf(n) == package.Tree))
            .Concat(project.Wishes([]).Where(w => w.Tree == package.Tree && w.Need.Name == package.Id.Name).Select(w => w.Need)).ToList();
        var offered = (session?.Catalogue.Index.Versions(package.Id.Name) ?? []).Where(v => !v.IsYanked).Select(v => v.Version).OrderDescending().ToList();
        return new Row(
            package, offered.FirstOrDefault(v => needs.TrueForAll(n => n.Versions.Contains(v))),
            offered.FirstOrDefault(v => !v.IsPreRelease) ?? offered.FirstOrDefault());
    }

    static void WriteJson(PmContext context, Project project, List<Row> rows) => JsonOutput.Write(context.Terminal, "project-outdated", json =>
    {
        json.WriteStartObject();
        json.WriteString("project"u8, project.Directory);
        json.WriteStartArray("packages"u8);
        foreach (var row in rows)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, row.Locked.Id.Name.Text);
            json.WriteString("current"u8, row.Locked.Id.Version.Text);
            json.WriteString("wanted"u8, row.Wanted?.Text);
            json.WriteString("latest"u8, row.Latest?.Text);
            json.WriteString("for"u8, row.Locked.Tree.Length == 0 ? null : row.Locked.Tree);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });
}
