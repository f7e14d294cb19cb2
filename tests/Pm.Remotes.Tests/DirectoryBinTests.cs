using Pm.Packages;
using Pm.Repositories;
using Pm.Repositories.Tests;
using Xunit;

namespace Pm.Remotes.Tests;

/// <summary>From a repository that pm keeps in bins to the client.</summary>
public sealed class DirectoryBinTests : IDisposable
{
    static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    readonly TemporaryDirectory _directory = new();
    readonly RepositoryAccess _access = new("test", new FixedClock(Now));
    readonly DirectoryRepository _repository;
    readonly RepositoryClient _client;
    readonly KeptIndex _kept = new();

    public DirectoryBinTests()
    {
        _repository = DirectoryRepository.Init(_directory["repo"], new RoleLifetimes(), 2, _access);
        _client = new RepositoryClient("testing", FileFetcher.Open(RemoteUrl.Parse(_directory["repo"], "/")), _directory["tuf"]);
    }

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _client.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task What_is_published_is_pulled_from_one_file_to_bins_to_more_bins()
    {
        _client.Trust(await _client.OfferRootAsync(Cancellation));
        var expected = new List<string>();
        foreach (var count in (int[])[2, 1, 1, 30, 1, 1])
        {
            var fresh = Enumerable.Range(expected.Count, count).Select(i => $"package-{i}@1.0").ToList();
            _repository.Publish(
                [.. fresh.Select(id => new SamplePackage(id, id).Save(_directory.Path))], new PublishOptions { Judge = SamplePackage.Judge }, _access);
            expected.AddRange(fresh);

            await _kept.PullAsync(_client, Now, Cancellation);

            Assert.Equal(fresh.Order(), _kept.Changes.Added.Order());
            Assert.Empty(_kept.Changes.Removed);
            Assert.Equal(expected.Order(StringComparer.Ordinal), _kept.Packages.Order(StringComparer.Ordinal));
        }

        _repository.RotateKey("bins", _access);
        _repository.Yank(PackageId.Parse("package-7@1.0"), "bad", _access);
        await _kept.PullAsync(_client, Now, Cancellation);
        Assert.Equal(["package-7@1.0"], _kept.Changes.Yanked);

        var repository = new PulledRepository(_kept.Index!, _directory["tuf"]);
        var package = await _client.OpenPackageAsync(repository, repository.Find(PackageId.Parse("package-9@1.0"))!, Cancellation);
        Assert.Equal("package-9@1.0", package.Id.ToString());
    }
}
