using Pm.Cli.Output;
using Pm.Cli.Projects;
using Pm.Cli.Roots;
using Pm.Packages;
using Pm.Stages.Roots;
using Pm.Stages.Running;

namespace Pm.Cli.Commands.Running;

/// <summary>The programs of packages that are installed.</summary>
static class InstalledProgram
{
    /// <summary>That of a package, or of a command's name: in the project whose directory this is, then in the root. Null: neither has it.</summary>
    /// <exception cref="CommandException">PM1130, PM1131: the package has several programs, or none.</exception>
    public static string? TryFind(PmContext context, Dependency wanted, string? command) => OfProject(context, wanted, command) ?? OfRoot(context, wanted, command);

    /// <summary>In a project its packages come before those of the root: shared ones, then its own.</summary>
    static string? OfProject(PmContext context, Dependency wanted, string? command)
    {
        if (!ProjectAccess.IsMeant(context) || !OwnRoot.IsOurs(context, ProjectAccess.DirectoryOf(context)))
        {
            return null;
        }

        var directory = Path.Join(ProjectAccess.DirectoryOf(context), Stages.Projects.Project.StateDirectory);
        return new[] { directory, Path.Join(directory, "own") }
            .Select(root => OfRoot(context with { Settings = context.Settings with { Root = root } }, wanted, command))
            .FirstOrDefault(program => program is not null);
    }

    /// <summary>The program in the root; null when no installed package is meant.</summary>
    static string? OfRoot(PmContext context, Dependency wanted, string? command)
    {
        using var session = RootAccess.TryOpen(context);
        if (session?.Root.Current is not { } generation)
        {
            return null;
        }

        if (generation.Find(wanted.Name) is { } installed && (wanted.Exact is null || wanted.Exact == installed.Id.Version))
        {
            return Path.Join(session.Root.ContentPath, Choose(session.Store.Require(installed.Hash), command));
        }

        return wanted.Exact is null && command is null ? OfAnyPackage(session, wanted.Name.Text) : null;
    }

    /// <summary>The command of that name in whichever package has it.</summary>
    static string? OfAnyPackage(RootSession session, string command) => session.Root.Current!.Packages
        .Select(p => CommandChoice.Of(session.Store.Require(p.Hash), command))
        .OfType<CommandChoice.Found>()
        .Select(found => Path.Join(session.Root.ContentPath, found.Path))
        .FirstOrDefault();

    /// <summary>Which file of the package it is.</summary>
    /// <exception cref="CommandException">PM1130, PM1131: it has several, or none.</exception>
    public static string Choose(Package package, string? command) => CommandChoice.Of(package, command) switch
    {
        CommandChoice.Found found => found.Path,
        CommandChoice.Ambiguous ambiguous => throw CommandException.Usage(
            "PM1130", $"{package.Id} has several programs: {Hostile.OneLine(string.Join(", ", ambiguous.Names))}",
            $"`pm run --command {Hostile.OneLine(ambiguous.Names[0])} {package.Id.Name}`"),
        CommandChoice.None { Names: [] } => throw new CommandException(
            ExitCode.NotFound, "PM1131", $"{package.Id} has no program to run", $"`pm files {package.Id.Name}` lists what it has"),
        CommandChoice.None none => throw new CommandException(
            ExitCode.NotFound, "PM1131", $"{package.Id} has no program `{Hostile.OneLine(command ?? "")}`; it has {Hostile.OneLine(string.Join(", ", none.Names))}"),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
