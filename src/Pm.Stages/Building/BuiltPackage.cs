using Pm.Packages;

namespace Pm.Stages.Building;

/// <summary>What came of a build.</summary>
/// <param name="Package">The package.</param>
/// <param name="File">Absolute: the unsigned <c>.pkg</c> in the cache. It may leave the cache later: copy it.</param>
/// <param name="IsCached">Nothing was run: all it is made of is as it was.</param>
/// <param name="InputHash">Of all it is made of, 64 hexadecimal digits.</param>
/// <param name="Log">Absolute: what its commands said; null when nothing was run.</param>
public sealed record BuiltPackage(Package Package, string File, bool IsCached, string InputHash, string? Log)
{
    /// <summary>The scratch directory, where it was to be kept.</summary>
    public string? Kept { get; init; }
}
