using Pm.Packages;

namespace Pm.Storage;

/// <summary>A script of a package is due. Who is told decides whether it runs; failing makes the change roll back.</summary>
/// <param name="Moment">When.</param>
/// <param name="Package">Whose script it is.</param>
/// <param name="Other">The version it takes the place of, or that takes its place; null when it comes or goes.</param>
/// <param name="ContentPath">
/// The absolute path of the directory that holds the files: before the change the old ones, after it the new ones, which in
/// an application root nobody else sees yet.
/// </param>
public sealed record HookCall(HookMoment Moment, Package Package, PackageVersion? Other, string ContentPath);
