using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Pm.Codecs;
using Pm.Remotes;
using Pm.Remotes.Http;
using Pm.Repositories;
using Pm.Repositories.Auditing;
using Pm.Repositories.Database;
using Pm.Repositories.Tests;
using Pm.Repositories.Tokens;
using Xunit;

namespace Pm.Daemon.Tests.Publishing;

/// <summary>The server is killed while many publish, and started again: whoever reads sees one signed state after another, each whole.</summary>
public sealed class KillTests : IDisposable
{
    const int Publishers = 4;
    const int Rounds = 3;

    readonly TemporaryDirectory _directory = new();
    readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false });
    readonly string _path;

    public KillTests()
    {
        _path = _directory["repository"];
        var access = new RepositoryAccess("test", TimeProvider.System);
        DirectoryRepository.Init(_path, new RoleLifetimes(), access).AllowUnsigned(true, access);
        using var database = RepositoryDatabase.OpenOrCreate(_path);
        var token = database.Tokens.Create(new NewToken([TokenScope.Parse("publish:*")], "", null), AuditActor.Local, DateTimeOffset.UtcNow).Secret.Text;
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _client.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Readers_see_whole_states_and_what_was_answered_stays()
    {
        var answered = new HashSet<string>(StringComparer.Ordinal);
        var reader = new Reader(_directory["tuf"]);
        for (var round = 0; round < Rounds; round++)
        {
            await using var pmd = await RunningProcess.StartAsync(null, "--access-log", "none", _path);
            if (round == 0)
            {
                await reader.TrustAsync(pmd.Address);
            }

            using var stop = new CancellationTokenSource();
            var reading = reader.ReadUntilAsync(pmd.Address, stop.Token);
            var done = await PublishUntilAsync(pmd, round, killAfter: 3 + round);
            await pmd.EndAsync();
            await stop.CancelAsync();
            await reading;

            answered.UnionWith(done);
            var repository = DirectoryRepository.Open(_path);
            Assert.DoesNotContain(repository.Verify(DateTimeOffset.UtcNow, null, Cancellation).Findings, finding => finding.IsFault);
            Assert.Superset(answered, repository.List().Select(target => target.Package.Id.ToString()).ToHashSet(StringComparer.Ordinal));
        }

        Assert.True(reader.States > 0);
        Assert.True(answered.Count >= Rounds * 3);
    }

    /// <summary>Several publish on and on; when so many were answered the server is killed, in the middle of the others.</summary>
    async Task<List<string>> PublishUntilAsync(RunningProcess pmd, int round, int killAfter)
    {
        var done = new List<string>();
        await Task.WhenAll(Enumerable.Range(0, Publishers).Select(publisher => Task.Run(async () =>
        {
            for (var i = 0; ; i++)
            {
                var id = $"foo-{round}-{publisher}-{i}@1.0";
                if (!await TryPublishAsync(pmd.Address, id))
                {
                    return;
                }

                lock (done)
                {
                    done.Add(id);
                    if (done.Count == killAfter)
                    {
                        pmd.Signal("KILL");
                    }
                }
            }
        })));
        return done;
    }

    /// <returns>False: the server is gone.</returns>
    async Task<bool> TryPublishAsync(Uri address, string id)
    {
        var pkg = new SamplePackage(id, id).ToPkg(isSigned: false);
        try
        {
            using var uploaded = await _client.PutAsync(new Uri(address, $"/api/v1/uploads/{Sha256Digest.Of(pkg)}"), new ByteArrayContent(pkg));
            using var published = await _client.PostAsync(
                new Uri(address, "/api/v1/publish"), new StringContent($$"""{"uploads":["{{Sha256Digest.Of(pkg)}}"]}""", Encoding.UTF8, "application/json"));
            Assert.Equal(HttpStatusCode.OK, published.StatusCode);
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>A client as pm is one: whatever it does not believe ends the test; that nobody answers does not.</summary>
    sealed class Reader(string directory)
    {
        public int States { get; private set; }

        public async Task TrustAsync(Uri address)
        {
            using var fetchers = new Fetchers(() => new HttpSettings());
            using var client = Open(fetchers, address);
            client.Trust(await client.OfferRootAsync(Cancellation));
        }

        public async Task ReadUntilAsync(Uri address, CancellationToken stop)
        {
            using var fetchers = new Fetchers(() => new HttpSettings { Attempts = 1 });
            using var client = Open(fetchers, address);
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    _ = await client.PullAsync(DateTimeOffset.UtcNow, null, Cancellation);
                    States++;
                }
                catch (RemoteException e) when (e.Code == "PM6003")
                {
                    // It was killed.
                    return;
                }
            }
        }

        RepositoryClient Open(Fetchers fetchers, Uri address) =>
            new("main", fetchers.Open(new RemoteDefinition("main", RemoteUrl.Parse(address.AbsoluteUri, "/"))), directory);
    }
}
