using Pm.Packages;

namespace Pm.Repositories.Tests;

/// <summary>A new repository in a directory of its own, at a fixed time.</summary>
sealed class RepositoryFixture : IDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    readonly TemporaryDirectory _directory = new();

    public RepositoryFixture(bool isMade = true, int binsAbove = DirectoryRepository.UsualBinsAbove)
    {
        Access = new RepositoryAccess("test", Clock) { LockTimeout = TimeSpan.Zero };
        if (isMade)
        {
            Repository = DirectoryRepository.Init(Path, new RoleLifetimes(), binsAbove, Access);
        }
    }

    public FixedClock Clock { get; } = new(Start);

    public RepositoryAccess Access { get; }

    public DirectoryRepository Repository { get; set; } = null!;

    /// <summary>Of the repository.</summary>
    public string Path => _directory["repo"];

    public string Served => System.IO.Path.Join(Path, "repository");

    /// <summary>Beside the repository.</summary>
    public string Outside => _directory.Path;

    public static PublishOptions Options => new() { Judge = SamplePackage.Judge };

    public IReadOnlyList<PublishedItem> Publish(params SamplePackage[] packages) =>
        Repository.Publish([.. packages.Select(package => package.Save(Outside))], Options, Access);

    public IEnumerable<string> Listed() => Repository.List().Select(target => target.Package.Id.ToString());

    /// <summary>All that is wrong, one line each.</summary>
    public IEnumerable<string> Findings() =>
        Repository.Verify(Clock.Now, SamplePackage.Judge).Findings.Select(finding => $"{finding.Kind} {finding.Path}: {finding.Message}");

    public static PackageId Id(string text) => PackageId.Parse(text);

    public void Dispose() => _directory.Dispose();
}
