using Pm.Cli.Commands.Roots;
using Pm.Cli.Output;
using Pm.Cli.Roots;
using Pm.Packages;
using Pm.Stages.Changes;
using Pm.Stages.Hooks;
using Pm.Storage;

namespace Pm.Cli.Commands.Running;

/// <summary>A package that is not installed, expanded in the store for as long as this is held.</summary>
sealed class ExpandedPackage : IDisposable
{
    readonly PackageTreeUse _use;

    ExpandedPackage(Package package, PackageTreeUse use)
    {
        Package = package;
        _use = use;
    }

    public Package Package { get; }

    /// <summary>The absolute path of its files.</summary>
    public string Path => _use.Path;

    /// <summary>Brings the package into the store, checked like one that is installed, and expands it.</summary>
    public static async Task<ExpandedPackage> OpenAsync(PmContext context, Targets wanted, bool allowsUnsigned)
    {
        using var session = RootAccess.OpenForChange(context);
        var proposal = Conflicts.Require(Proposer.Of(session).Install(wanted.Names, wanted.Files));
        var name = wanted.Names.IsEmpty ? wanted.Files[0].Id.Name : wanted.Names[0].Name;
        var chosen = proposal.Packages.Single(p => p.Id.Name == name);
        if (!chosen.Selection.Candidate.Dependencies.IsEmpty)
        {
            throw new CommandException(
                ExitCode.Conflict, "PM1132",
                $"{chosen.Id} needs {string.Join(", ", chosen.Selection.Candidate.Dependencies)}, so it does not run by itself",
                $"`pm install {chosen.Id}`, then `pm run {name}`");
        }

        using var progress = new Progress(context, "fetching");
        var changes = new RootChanges(session, RootAccess.Changes(
            context, session, HookPolicy.Skip, allowsUnsigned, RootAccess.Observer(context, progress)));
        var package = (await changes.FetchAsync([chosen], context.Cancellation))[0];
        return new ExpandedPackage(package, PackageTrees.Use(session.Store, package, context.CommandLine));
    }

    public void Dispose() => _use.Dispose();
}
