using System.Net;
using Pm.Repositories;
using Pm.Repositories.Auditing;
using Pm.Repositories.Database;
using Pm.Repositories.Tests;
using Pm.Repositories.Tokens;
using Xunit;

namespace Pm.Daemon.Tests.Publishing;

/// <summary>
/// The server is killed at its N-th durable write. What it had answered is there afterwards, for good; what it had not is
/// there as a whole or not at all; and whoever asks again succeeds. Every N with PM_TEST_ALL_KILLS=1.
/// </summary>
public sealed class PublishingCrashTests : IDisposable
{
    const int MostWrites = 500;

    static readonly int Stride = Environment.GetEnvironmentVariable("PM_TEST_ALL_KILLS") is null ? 7 : 1;

    readonly TemporaryDirectory _directory = new();
    readonly string _path;
    readonly string _token;

    public PublishingCrashTests()
    {
        _path = _directory["repository"];
        var access = new RepositoryAccess("test", TimeProvider.System);
        DirectoryRepository.Init(_path, new RoleLifetimes(), access).AllowUnsigned(true, access);
        using var database = RepositoryDatabase.OpenOrCreate(_path);
        _token = database.Tokens.Create(new NewToken([TokenScope.Parse("publish:*")], "", null), AuditActor.Local, DateTimeOffset.UtcNow).Secret.Text;
    }

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task What_was_answered_survives_a_kill_at_any_write()
    {
        var expected = new List<string>();
        var kills = 0;
        for (var n = 1; n < MostWrites; n += Stride)
        {
            var package = new SamplePackage($"foo-{n}@1.0", $"{n}");
            var wasKilled = await TryAsync(package, $"kill@{n}");
            kills += wasKilled ? 1 : 0;

            // The next server finds all in order, and the publisher asks again.
            Assert.False(await TryAsync(package, "kill@1000000"), $"N = {n}");
            expected.Add($"foo-{n}@1.0");
            Assert.Equal(expected.Order(StringComparer.Ordinal), Listed());
            Assert.Empty(Directory.EnumerateFiles(Path.Join(_path, "pmd/uploads")));
            RequireTrueLog();
            if (!wasKilled)
            {
                Assert.True(kills > 3, $"only {kills} kills");
                return;
            }
        }

        Assert.Fail("every run was killed");
    }

    /// <returns>Whether the server was killed before it had answered everything.</returns>
    async Task<bool> TryAsync(SamplePackage package, string fault)
    {
        var pkg = package.ToPkg(isSigned: false);
        using var server = await PublishingProcess.StartAsync(_path, _token, fault);
        if (server is null)
        {
            return true;
        }

        var uploaded = await server.UploadAsync(pkg);
        var published = uploaded is null ? null : await server.PublishAsync(pkg);
        var wasKilled = published is null;
        await (wasKilled ? server.WaitAsync() : server.EndAsync());
        var findings = DirectoryRepository.Open(_path).Verify(DateTimeOffset.UtcNow, null, TestContext.Current.CancellationToken).Findings;
        Assert.DoesNotContain(findings, finding => finding.IsFault);
        var isListed = Listed().Contains(package.Package.Id.ToString());
        Assert.True(published is null || isListed, $"{fault}: answered {published} and lost");
        Assert.True(
            uploaded is null || isListed || Directory.EnumerateFiles(Path.Join(_path, "pmd/uploads")).Any(file => File.ReadAllBytes(file).SequenceEqual(pkg)),
            $"{fault}: the upload was answered {uploaded} and lost");
        Assert.True(published is null or HttpStatusCode.OK, $"{fault}: {published}");
        return wasKilled;
    }

    IEnumerable<string> Listed() => DirectoryRepository.Open(_path).List().Select(target => target.Package.Id.ToString()).Order(StringComparer.Ordinal);

    void RequireTrueLog()
    {
        using var database = RepositoryDatabase.TryOpen(_path)!;
        var published = database.Audit.List(1000).Where(entry => entry.Action == "publish").ToList();
        Assert.DoesNotContain(published, entry => entry.Result is null);
        Assert.Equal(Listed(), published.Where(entry => entry.Result == AuditEntry.Done).Select(entry => entry.Subject).Order(StringComparer.Ordinal));
    }
}
