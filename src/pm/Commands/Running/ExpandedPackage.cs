using Pm.Cli.Commands.Roots;
using Pm.Cli.Output;
using Pm.Cli.Roots;
using Pm.Packages;
using Pm.Stages.Changes;
using Pm.Stages.Hooks;
using Pm.Stages.Roots;
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
        var chosen = Choose(context, session, wanted);
        using var progress = new Progress(context, "fetching");
        var package = (await Changes(context, session, allowsUnsigned, progress).FetchAsync([chosen], context.Cancellation))[0];
        return new ExpandedPackage(package, PackageTrees.Use(session.Store, package, context.CommandLine));
    }

    /// <summary>Finds out what <see cref="OpenAsync"/> would expand and where, without writing anything.</summary>
    /// <returns>Neither for a root that is not there: it trusts no keys yet, so nothing was looked into.</returns>
    public static async Task<(PackageId Id, Package? Package, string? Path)> LookAsync(PmContext context, Targets wanted, bool allowsUnsigned)
    {
        using var session = RootAccess.TryOpen(context);
        if (session is null)
        {
            return (Choose(context, null, wanted).Id, null, null);
        }

        var chosen = Choose(context, session, wanted);
        using var progress = new Progress(context, "looking");
        var package = (await Changes(context, session, allowsUnsigned, progress).LookAsync([chosen], context.Cancellation))[0];
        return (package.Id, package, PackageTrees.PathOf(session.Store, package));
    }

    static ProposedPackage Choose(PmContext context, RootSession? session, Targets wanted)
    {
        var proposer = session is null ? Proposer.OfNothing(context.Settings.Root) : Proposer.Of(session, context.MinimumAge);
        var proposal = Conflicts.Require(context, proposer.Install(wanted.Names, wanted.Files), session, wanted.Names);
        if (session is not null)
        {
            OfferRemarks.Write(context, session, proposal);
        }

        var name = wanted.Names.IsEmpty ? wanted.Files[0].Id.Name : wanted.Names[0].Name;
        var chosen = proposal.Packages.Single(p => p.Id.Name == name);
        return chosen.Selection.Candidate.Needs.IsEmpty
            ? chosen
            : throw new CommandException(
                ExitCode.Conflict, "PM1132",
                $"{chosen.Id} needs {string.Join(", ", chosen.Selection.Candidate.Needs)}, so it does not run by itself",
                $"`pm install {chosen.Id}`, then `pm run {name}`");
    }

    static RootChanges Changes(PmContext context, RootSession session, bool allowsUnsigned, Progress progress) => new(
        session, RootAccess.Changes(context, session, HookRules.None, allowsUnsigned, RootAccess.Observer(context, progress)));

    public void Dispose() => _use.Dispose();
}
