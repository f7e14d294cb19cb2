using Pm.Linux;
using Pm.Packages;
using Pm.Packages.Manifests;

namespace Pm.Stages.Building;

/// <summary>The packages of a project: its own, and those of its workspace's members.</summary>
public static class Workspace
{
    /// <summary>More directories are no sources of one repository.</summary>
    const int MostDirectories = 100_000;

    /// <summary>All that the project makes, each after what it depends on; alike: by name.</summary>
    /// <exception cref="StageException">PM7306: two have the same name, or there is none; PM7309: they depend on each other in a circle; PM7311: a member has no manifest.</exception>
    /// <exception cref="PackageFormatException">PM21xx: a member's manifest is none.</exception>
    public static IReadOnlyList<BuildProject> Packages(BuildProject project, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(project);
        if (project.Manifest.Workspace is not { } workspace)
        {
            return [project];
        }

        var members = Members(project, workspace, cancellation);
        return members.Count > 0
            ? Sorted(members)
            : throw new StageException("PM7306", $"{PathText.Show(project.Directory)}: no member of the workspace makes a package", "correct `members` of [workspace]");
    }

    /// <summary>Those of its members that make packages, by where they lie, and last the project itself where it makes one.</summary>
    /// <exception cref="StageException">PM7306: two have the same name; PM7311: a member has no manifest.</exception>
    /// <exception cref="PackageFormatException">PM21xx: a member's manifest is none.</exception>
    public static List<BuildProject> Members(BuildProject project, CancellationToken cancellation) =>
        project.Manifest.Workspace is { } workspace ? Members(project, workspace, cancellation) : [];

    static List<BuildProject> Members(BuildProject project, ManifestWorkspace workspace, CancellationToken cancellation)
    {
        var members = Directories(project, workspace, cancellation).Where(m => m.Manifest.Package is not null).ToList();
        if (project.Manifest.Package is not null)
        {
            members.Add(project);
        }

        return members.GroupBy(m => m.Manifest.Package!.Name).FirstOrDefault(g => g.Count() > 1) is { } same
            ? throw new StageException("PM7306", $"two members of the workspace are called {same.Key}: {string.Join(" and ", same.Take(2).Select(m => PathText.Show(m.Directory)))}")
            : members;
    }

    /// <summary>Names that a project is built with, besides members of its workspace.</summary>
    public static IEnumerable<PackageName> BuildDependencies(BuildProject project, IReadOnlyList<BuildProject> packages)
    {
        ArgumentNullException.ThrowIfNull(project);
        var members = packages.Select(p => p.Manifest.Package?.Name).OfType<PackageName>().ToHashSet();
        return project.Manifest.Dependencies.Where(d => d.Scope is DependencyScope.Build && !d.IsOptional && !members.Contains(d.Name)).Select(d => d.Name);
    }

    /// <summary>Of what a package is to be built with: the members that it depends on, and what these need when they run.</summary>
    public static IReadOnlyList<PackageName> Needed(BuildProject project, IReadOnlyList<BuildProject> packages)
    {
        var known = packages.Where(p => p.Manifest.Package is not null).ToDictionary(p => p.Manifest.Package!.Name);
        var needed = new SortedSet<PackageName>();
        var pending = new Stack<PackageName>(NamesOf(project, withBuild: true));
        while (pending.TryPop(out var name))
        {
            if (known.TryGetValue(name, out var member) && needed.Add(name))
            {
                foreach (var further in NamesOf(member, withBuild: false))
                {
                    pending.Push(further);
                }
            }
        }

        return [.. needed];
    }

    static IEnumerable<PackageName> NamesOf(BuildProject project, bool withBuild) =>
        project.Manifest.Dependencies.Where(d => withBuild || d.Scope is not DependencyScope.Build).Select(d => d.Name);

    static List<BuildProject> Directories(BuildProject project, ManifestWorkspace workspace, CancellationToken cancellation)
    {
        var patterns = workspace.Members.Select(m => new PathPattern(m)).ToList();
        var excluded = workspace.Excluded.Select(m => new PathPattern(m)).ToList();
        var members = new List<BuildProject>();
        foreach (var path in Directories(project.Directory, cancellation).Where(d => !excluded.Exists(e => e.Contains(d)) && patterns.Exists(p => p.Matches(d))))
        {
            if (BuildProject.TryRead(Path.Join(project.Directory, path), path) is { } member)
            {
                members.Add(member);
            }
            else if (workspace.Members.Contains(path))
            {
                throw new StageException("PM7311", $"{PathText.Show(path)}: there is no manifest, and it is a member of the workspace", "write its pm.toml, or take it out of `members`");
            }
        }

        foreach (var missing in workspace.Members.Where(m => !m.Contains('*', StringComparison.Ordinal) && m != "." && !Directory.Exists(Path.Join(project.Directory, m))))
        {
            throw new StageException("PM7311", $"{PathText.Show(missing)}: there is no such directory, and it is a member of the workspace", "correct `members` of [workspace]");
        }

        return members;
    }

    /// <summary>Every directory below one, in the order of their bytes; links are not followed.</summary>
    static IEnumerable<string> Directories(string top, CancellationToken cancellation)
    {
        using var handle = DirectoryHandle.Open(top);
        var found = new List<string>();
        var pending = new Stack<string>([""]);
        while (pending.TryPop(out var path))
        {
            cancellation.ThrowIfCancellationRequested();
            using var opened = path.Length == 0 ? null : handle.OpenBeneath(path);
            foreach (var entry in (opened ?? handle).Entries().Where(e => e.Kind is FileKind.Directory && e.Name is not (".git" or ".pm")))
            {
                var below = path.Length == 0 ? entry.Name : $"{path}/{entry.Name}";
                found.Add(found.Count < MostDirectories && PackagePath.Fault(below) is null ? below : throw new StageException(
                    "PM7305", $"{PathText.Show(Path.Join(top, below))}: there are too many directories, or too deep, to look for members of the workspace in", "name the members without stars in a directory that holds them alone"));
                pending.Push(below);
            }
        }

        return found.Order(PathOrder.Bytes);
    }

    static List<BuildProject> Sorted(List<BuildProject> members)
    {
        var known = members.ToDictionary(m => m.Manifest.Package!.Name);
        var sorted = new List<BuildProject>();
        var done = new HashSet<PackageName>();
        var way = new List<PackageName>();
        foreach (var name in known.Keys.Order())
        {
            Add(name);
        }

        return sorted;

        void Add(PackageName name)
        {
            if (done.Contains(name) || !known.TryGetValue(name, out var member))
            {
                return;
            }

            if (way.IndexOf(name) is var at and >= 0)
            {
                throw new StageException(
                    "PM7309", $"members of the workspace depend on each other in a circle: {string.Join(" → ", way.Skip(at).Append(name))}", "drop one of these dependencies");
            }

            way.Add(name);
            foreach (var needed in member.Manifest.Dependencies.Select(d => d.Name).Order())
            {
                Add(needed);
            }

            way.RemoveAt(way.Count - 1);
            done.Add(name);
            sorted.Add(member);
        }
    }
}
