using Pm.Packages;
using Pm.Storage;

namespace Pm.Stages.Changes;

/// <summary>A row of what would change: one of the two is null when a package comes or goes.</summary>
public sealed record ProposedChange(InstalledPackage? Old, ProposedPackage? New)
{
    public PackageName Name => New?.Id.Name ?? Old!.Id.Name;

    /// <summary><c>install</c>, <c>update</c>, <c>downgrade</c>, <c>reinstall</c>, <c>remove</c> or <c>mark</c>.</summary>
    public string Verb => (Old, New) switch
    {
        (null, _) => "install",
        (_, null) => "remove",
        ({ } old, { } to) when to.Installed is not null => old.IsAsked == to.IsAsked ? "keep" : "mark",
        ({ } old, { } to) => to.Id.Version.CompareTo(old.Id.Version) switch
        {
            > 0 => "update",
            < 0 => "downgrade",
            _ => "reinstall",
        },
    };
}
