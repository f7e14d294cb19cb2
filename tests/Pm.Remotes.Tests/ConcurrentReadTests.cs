using Pm.Packages;
using Pm.Repositories;
using Pm.Repositories.Tests;
using Xunit;

namespace Pm.Remotes.Tests;

public sealed class ConcurrentReadTests
{
    static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Clients_that_pull_while_packages_are_published_see_whole_states_only()
    {
        const int Versions = 12;
        using var directory = new TemporaryDirectory();
        var access = new RepositoryAccess("test", new FixedClock(Now));
        var repository = DirectoryRepository.Init(directory["repo"], new RoleLifetimes(), access);
        var files = Enumerable.Range(0, Versions)
            .Select(version => new SamplePackage($"foo@1.{version}", $"content {version}").Save(directory.Path)).ToList();
        var options = new PublishOptions { Judge = SamplePackage.Judge };
        using var fetcher = FileFetcher.Open(RemoteUrl.Parse(directory["repo"], "/"));
        var client = new RepositoryClient("testing", fetcher, directory["tuf"]);
        client.Trust(await client.OfferRootAsync(TestContext.Current.CancellationToken));

        var publishing = Task.Run(() => files.ForEach(file => repository.Publish([file], options, access)), TestContext.Current.CancellationToken);
        var kept = new KeptIndex();
        var seen = 0;
        do
        {
            await kept.PullAsync(client, Now, TestContext.Current.CancellationToken);
            var pulled = new PulledRepository(kept.Index!, directory["tuf"]);
            Assert.True(pulled.Count >= seen, $"{pulled.Count} packages after {seen}");
            seen = pulled.Count;
            foreach (var package in kept.Packages)
            {
                await client.OpenPackageAsync(pulled, pulled.Find(PackageId.Parse(package))!, TestContext.Current.CancellationToken);
            }
        }
        while (seen < Versions && !publishing.IsFaulted);

        await publishing;
        Assert.Equal(Versions, seen);
    }
}
