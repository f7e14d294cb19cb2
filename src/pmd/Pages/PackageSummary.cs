using Pm.Packages;
using Pm.Packages.Index;
using Pm.Repositories.Browsing;
using Pm.Repositories.Serving;

namespace Pm.Daemon.Pages;

/// <summary>A package in a list. The members are called as in <c>available.json</c>.</summary>
public sealed record PackageSummary
{
    const int TitleRoom = 300;
    const int DescriptionRoom = 600;

    /// <summary>The namespace of its repository.</summary>
    public required string Repository { get; init; }

    public required PackageName Name { get; init; }

    public required PackageVersion Version { get; init; }

    public string? Title { get; init; }

    public required string Description { get; init; }

    public string? Signer { get; init; }

    public long? DownloadSize { get; init; }

    /// <summary>When this version was; null where nothing tells.</summary>
    public DateTimeOffset? Published { get; init; }

    internal static PackageSummary Of(ServedRepository repository, AvailablePackage package, DateTimeOffset? published) => new()
    {
        Repository = repository.Namespace,
        Name = package.Name,
        Version = package.Version,
        Title = package.Title is { } title ? PageRoom.Cut(title, TitleRoom) : null,
        Description = PageRoom.Cut(package.Description, DescriptionRoom),
        Signer = package.Signer,
        DownloadSize = package.DownloadSize,
        Published = published,
    };

    internal static PackageSummary Of(ServedRepository repository, PublishedTarget target, PublicationTimes times) =>
        Of(repository, target.Package, times.Of(target.Package.Id));
}
