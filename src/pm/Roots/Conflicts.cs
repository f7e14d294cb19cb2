using Pm.Cli.Commands.Roots;
using Pm.Packages;
using Pm.Resolution;
using Pm.Stages.Changes;
using Pm.Stages.Roots;

namespace Pm.Cli.Roots;

/// <summary>A conflict of demands as an error: the contradiction first, then each demand with its path.</summary>
static class Conflicts
{
    /// <summary>Verbs that take a package by its name and version, as <c>install</c> does.</summary>
    static readonly string[] TakeVersions = ["run", "check", "export", "fetch", "bundle", "pkg convert"];

    /// <summary>The proposal, or the conflict as an error.</summary>
    /// <param name="context">The run.</param>
    /// <param name="result">What came of it.</param>
    /// <param name="session">Of the root, for what to do first; null: there is no root yet.</param>
    /// <param name="names">What was named, for a hint that names it otherwise.</param>
    public static Proposal Require(PmContext context, ProposalResult result, RootSession? session, params IEnumerable<Dependency> names) => result switch
    {
        ProposalResult.Possible possible => possible.Proposal,
        ProposalResult.Impossible impossible => throw ToException(impossible.Conflict with { Hint = Asked(context.Verb, impossible.Conflict.Hint, names) }, session),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>As <see cref="Require"/>, for who needs the files of packages: that one is installed is not enough.</summary>
    /// <param name="context">The run.</param>
    /// <param name="result">What came of it.</param>
    /// <param name="session">Of the root; null: there is none yet.</param>
    /// <param name="names">What was named.</param>
    /// <exception cref="CommandException">PM7002: one is not to be had, or installed alone.</exception>
    public static Proposal RequireFiles(PmContext context, ProposalResult result, RootSession? session, IEnumerable<Dependency> names)
    {
        var alone = result is ProposalResult.Impossible { Conflict.Code: "PM7002" } && session?.Root.Current is { } generation
            ? names.Where(n => session.Catalogue.Index.Versions(n.Name).Count == 0).Select(n => generation.Find(n.Name)).FirstOrDefault(p => p is not null)
            : null;
        return alone is null ? Require(context, result, session, names) : throw new CommandException(
            ExitCode.NotFound, "PM7002", $"{alone.Id} is installed, but no remote offers it, and pm keeps no .pkg of what it has installed", $"give the file that it came from: `./{alone.Id.FileText}.pkg`");
    }

    /// <summary>The conflict as an error.</summary>
    public static CommandException ToException(ResolutionResult.Conflict conflict, RootSession? session, bool isOfProject = false)
    {
        // Where the name was typed, it was looked for elsewhere first.
        var tried = conflict.Code == "PM7002" && conflict.Because.IsEmpty && !isOfProject ? ": no such file, no URL, and no remote offers it" : "";
        var because = string.Concat(conflict.Because.Select(line => $"\n  {line}"));
        var exit = conflict.Code is "PM7002" or "PM7003" ? ExitCode.NotFound : ExitCode.Conflict;
        var hint = conflict.Hint is { } text && text.StartsWith("pm ", StringComparison.Ordinal) ? $"`{text}`" : conflict.Hint;
        if (conflict.Code == "PM7002" && isOfProject && session!.Remotes.Remotes.IsEmpty)
        {
            hint = "the project has no remotes: name one in [remotes] of pm.toml, or `pm remote add URL`";
        }
        else if (conflict.Code == "PM7002" && PackageNames.NothingPulled(session) is { } first)
        {
            hint = first;
        }
        else if (conflict.Code == "PM7006" && isOfProject)
        {
            hint = "`pm lock --minimum-age 0` takes it all the same";
        }

        return new CommandException(exit, conflict.Code, conflict.Message + tried + because, hint);
    }

    /// <summary>Who wants to run another version wants to run it, not to install it. What a package needs is installed all the same: nobody asked to run that.</summary>
    static string? Asked(string verb, string? hint, IEnumerable<Dependency> names)
    {
        const string install = "pm install ";
        return hint?.StartsWith(install, StringComparison.Ordinal) is true
            && TakeVersions.Any(v => verb == v || verb.StartsWith(v + " ", StringComparison.Ordinal))
            && Dependency.TryParse(hint[install.Length..], out var other) && names.Any(n => n.Name == other.Name)
            ? $"pm {verb} {other}" : hint;
    }
}
