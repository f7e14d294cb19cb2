using Pm.Packages;
using Pm.Packages.Index;
using Pm.Resolution;
using Pm.Storage;

namespace Pm.Stages.Changes;

/// <summary>One package of a root as it would be, and where it would come from: exactly one of the three is set.</summary>
public sealed record ProposedPackage
{
    /// <summary>The choice, with who needs it.</summary>
    public required Selection Selection { get; init; }

    /// <summary>Whether somebody asked for it; otherwise it goes when nobody needs it.</summary>
    public required bool IsAsked { get; init; }

    /// <summary>It is there already.</summary>
    public InstalledPackage? Installed { get; init; }

    /// <summary>It is fetched.</summary>
    public AvailablePackage? Available { get; init; }

    /// <summary>It is taken from a file.</summary>
    public LocalFile? File { get; init; }

    public PackageId Id => Selection.Id;

    /// <summary>The name of the remote it comes or came from; null: a file.</summary>
    public string? Remote => Available?.Remote ?? Installed?.Remote;
}
