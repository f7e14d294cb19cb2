using Pm.Packages.Manifests;

namespace Pm.Packages.Locks;

/// <summary>What a project needs, to be held against its lockfile.</summary>
/// <param name="Tree">"" for what all share, <see cref="Lockfile.OwnTree"/> for what the project needs for itself.</param>
/// <param name="Need">Name and versions.</param>
/// <param name="Source">Where it is to come from; a <see cref="RemoteSource"/> without a name: any remote.</param>
public sealed record LockedWish(string Tree, LockedNeed Need, PackageSource Source);
