using System.Collections.Immutable;
using Pm.Packages;
using Pm.Packages.Index;
using Pm.Trust.Tuf;

namespace Pm.Remotes;

/// <summary>What a remote's metadata says that is believed. Immutable.</summary>
public sealed class PulledRepository
{
    readonly Dictionary<PackageId, PublishedPackage> _packages;

    PulledRepository(Dictionary<PackageId, PublishedPackage> packages, ImmutableArray<string> ignored)
    {
        _packages = packages;
        Ignored = ignored;
        Available = AvailableDocument.Of(packages.Values.Select(package => package.Target.Package));
    }

    /// <summary>The index that names, versions and dependencies are looked up in.</summary>
    public AvailableDocument Available { get; }

    /// <summary>Targets that are no packages pm understands, each with the reason.</summary>
    public ImmutableArray<string> Ignored { get; }

    /// <summary>Whether packages are named by hash below <c>targets/</c>.</summary>
    public required bool IsConsistentSnapshot { get; init; }

    /// <summary>Grows with every change and renewal of the repository.</summary>
    public required long TimestampVersion { get; init; }

    /// <summary>Until when the publisher vouches for this state.</summary>
    public required DateTimeOffset Expires { get; init; }

    public IReadOnlyCollection<PublishedPackage> Packages => _packages.Values;

    public PublishedPackage? Find(PackageId id) => _packages.GetValueOrDefault(id);

    internal static PulledRepository Of(RootMetadata root, TimestampMetadata timestamp, TargetsMetadata targets)
    {
        var packages = new Dictionary<PackageId, PublishedPackage>();
        var ignored = ImmutableArray.CreateBuilder<string>();
        foreach (var (path, file) in targets.Targets)
        {
            try
            {
                var target = PublishedTarget.Parse(path, file.Custom ?? default);
                packages.TryAdd(target.Package.Id, new PublishedPackage(target, file));
            }
            catch (PackageFormatException exception)
            {
                ignored.Add(exception.Message);
            }
        }

        return new PulledRepository(packages, ignored.ToImmutable())
        {
            IsConsistentSnapshot = root.IsConsistentSnapshot,
            TimestampVersion = timestamp.Version,
            Expires = timestamp.Expires,
        };
    }
}
