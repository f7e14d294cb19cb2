using System.Collections.Immutable;
using Pm.Packages;
using Pm.Packages.Index;
using Pm.Stages.Roots;
using Pm.Storage;

namespace Pm.Stages.Looking;

/// <summary>All that is known of one version of a package on this machine.</summary>
public sealed record PackageInformation
{
    public required PackageId Id { get; init; }

    /// <summary>As it is in the root; null: this version is not installed.</summary>
    public InstalledPackage? Installed { get; init; }

    /// <summary>Its own metadata; null when it is only offered.</summary>
    public Package? Package { get; init; }

    /// <summary>What a remote says of this version; null: none offers it.</summary>
    public AvailablePackage? Offer { get; init; }

    /// <summary>The newest version that is offered and not yanked.</summary>
    public AvailablePackage? Newest { get; init; }

    /// <summary>The version that is installed, this or another.</summary>
    public PackageVersion? InstalledVersion { get; init; }

    /// <summary>All versions that are offered, newest first.</summary>
    public required IReadOnlyList<AvailablePackage> Versions { get; init; }

    /// <summary>Bytes of its files, each content once; null when nobody says.</summary>
    public long? SizeInBytes { get; init; }

    /// <summary>What can be called by name when it is installed, sorted; none is known of a package that is only offered.</summary>
    public ImmutableArray<string> Commands => Package is null ? [] : PackageCommands.NamesOf(Package);

    /// <summary>The installed version or the newest, when none is named. Null: nobody has it.</summary>
    /// <exception cref="StoreException">PM4004: an installed package is not in the store.</exception>
    public static PackageInformation? Find(RootSession session, Dependency wanted)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(wanted);
        var files = PackageFiles.Find(session, wanted);
        var index = session.Catalogue.Index;
        var offer = (wanted.Exact ?? files?.Package.Id.Version) is { } version
            ? index.Find(new PackageId(wanted.Name, version))
            : index.Newest(wanted.Name) ?? (index.Versions(wanted.Name) is [var newest, ..] ? newest : null);
        return (files?.Package.Id ?? offer?.Id) is not { } id ? null : new PackageInformation
        {
            Id = id,
            Installed = files?.Installed,
            Package = files?.Package,
            Offer = offer,
            Newest = index.Newest(wanted.Name),
            InstalledVersion = session.Root.Current?.Find(wanted.Name)?.Id.Version,
            Versions = index.Versions(wanted.Name),
            SizeInBytes = files is null ? offer?.SizeInBytes : Size(session.Store, files.Package),
        };
    }

    static long Size(Store store, Package package) => package.Entries.Where(e => e.Kind is EntryKind.File)
        .Select(e => e.Root).Distinct().Sum(root => store.LengthOf(root) ?? 0);
}
