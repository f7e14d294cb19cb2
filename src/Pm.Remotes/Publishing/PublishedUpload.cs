using Pm.Packages;
using Pm.Trust.Tuf;

namespace Pm.Remotes.Publishing;

/// <summary>What the server says became of an upload.</summary>
/// <param name="Package">The package in it.</param>
/// <param name="Hash">Null where it travels as its <c>.pkg</c> alone.</param>
/// <param name="Signer">Whom the server found to have signed it; null: nobody.</param>
/// <param name="IsNew">False: it was published before, and stays as it is.</param>
public sealed record PublishedUpload(PackageId Package, string? Hash, string? Signer, bool IsNew)
{
    /// <exception cref="MetadataException">It is not about these uploads.</exception>
    internal static IReadOnlyList<PublishedUpload> ReadAll(JsonFields data, IReadOnlyList<StagedUpload> uploads)
    {
        List<PublishedUpload> all = [.. data.Array("packages").Select(element => Read(new JsonFields(element, "packages")))];
        return all.Select(answer => answer.Package).SequenceEqual(uploads.Select(upload => upload.Package))
            ? all
            : throw new MetadataException($"packages: expected what was to be published ({uploads.Count}), got others ({all.Count})");
    }

    static PublishedUpload Read(JsonFields item) =>
        PackageName.TryParse(item.Text("name"), out var name) && PackageVersion.TryParse(item.Text("version"), out var version)
            ? new PublishedUpload(new PackageId(name, version), item.FindText("hash"), item.FindText("signer"), item.FindBoolean("new") ?? true)
            : throw new MetadataException("packages: expected names and versions");
}
