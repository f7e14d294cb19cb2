using System.Text.Json.Serialization;
using Pm.Packages;
using Pm.Packages.Index;
using Pm.Repositories.Serving;

namespace Pm.Daemon.Pages.Packages;

/// <summary>A version of a package.</summary>
/// <param name="Version">What it is called.</param>
/// <param name="Published">When; absent where nothing tells.</param>
/// <param name="Size">Bytes of all its files.</param>
/// <param name="DownloadSize">Bytes to fetch when nothing is there yet.</param>
/// <param name="IsYanked">Whether it was withdrawn.</param>
/// <param name="YankReason">Why.</param>
public sealed record VersionLine(
    PackageVersion Version,
    DateTimeOffset? Published,
    long? Size,
    long? DownloadSize,
    [property: JsonPropertyName("yanked")] bool IsYanked,
    string? YankReason)
{
    const int ReasonRoom = 150;

    internal static VersionLine Of(ServedRepository repository, PublishedTarget target)
    {
        var package = target.Package;
        return new VersionLine(
            package.Version, repository.PublishedAt(package.Id), package.SizeInBytes, package.DownloadSize, package.IsYanked,
            package.YankReason is { } reason ? PageRoom.Cut(reason, ReasonRoom) : null);
    }
}
