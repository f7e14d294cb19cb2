using System.Net;
using Pm.Daemon.Tests.Publishing;
using Pm.Repositories;
using Pm.Repositories.Auditing;
using Pm.Repositories.Database;
using Pm.Repositories.Tests;
using Pm.Repositories.Tokens;
using Pm.Repositories.Uploads;
using Xunit;

namespace Pm.Daemon.Tests;

/// <summary>No space left: whoever uploads is told so, and the server goes on.</summary>
public sealed class FullDiskTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task More_than_the_operator_allows_to_lie_there_is_507()
    {
        await using var server = await PublishingServer.StartAsync(settings => settings with { Uploads = new UploadLimits { StagedSize = 100 } });

        var answer = await server.UploadAsync(server.Token("publish:*"), new SamplePackage("a@1", "1").ToPkg(isSigned: false));

        Assert.Equal("507 PM5038", answer.Refusal);
    }

    /// <summary>The writes of an upload and of a publish, one after the other.</summary>
    [Fact]
    public async Task A_disk_that_is_full_is_507_at_whichever_write()
    {
        var access = new RepositoryAccess("test", TimeProvider.System);
        var path = _directory["repository"];
        DirectoryRepository.Init(path, new RoleLifetimes(), access).AllowUnsigned(true, access);
        var pkg = new SamplePackage("a@1", "1").ToPkg(isSigned: false);
        var (uploads, publishes) = (new HashSet<HttpStatusCode?>(), new HashSet<HttpStatusCode?>());
        foreach (var write in (int[])[2, 4, 6, 9, 13, 20, 40])
        {
            using var server = await PublishingProcess.StartAsync(path, Token(path), $"enospc@{write}+");
            if (server is null)
            {
                continue;
            }

            uploads.Add(await server.UploadAsync(pkg));
            publishes.Add(await server.PublishAsync(pkg));
            await server.EndAsync();
        }

        Assert.Contains(HttpStatusCode.InsufficientStorage, uploads);
        Assert.Contains(HttpStatusCode.InsufficientStorage, publishes);
        Assert.DoesNotContain(HttpStatusCode.InternalServerError, uploads.Concat(publishes));
        Assert.DoesNotContain(null, uploads.Concat(publishes));
    }

    static string Token(string path)
    {
        using var database = RepositoryDatabase.OpenOrCreate(path);
        return database.Tokens.Create(new NewToken([TokenScope.Parse("publish:*")], "", null), AuditActor.Local, DateTimeOffset.UtcNow).Secret.Text;
    }
}
