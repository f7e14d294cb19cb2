using Pm.Packages;

namespace Pm.Repositories;

/// <summary>What one publisher wants in a repository: all of it or nothing.</summary>
/// <param name="Files">In this order.</param>
/// <param name="Options">Whose packages are taken.</param>
public sealed record PublishRequest(IReadOnlyList<PublishFile> Files, PublishOptions Options)
{
    /// <summary>Throws for a package that the publisher may not publish; asked when its name is known for certain.</summary>
    public Action<PackageId>? Authorise { get; init; }
}
