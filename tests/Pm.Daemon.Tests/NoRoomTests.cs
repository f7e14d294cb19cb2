using System.Globalization;
using System.Net;
using Pm.Daemon.Tests.Publishing;
using Pm.Linux;
using Pm.Repositories;
using Pm.Repositories.Auditing;
using Pm.Repositories.Database;
using Pm.Repositories.Tests;
using Pm.Repositories.Tokens;
using Xunit;

namespace Pm.Daemon.Tests;

/// <summary>Limits of the kernel's own: whoever uploads is told so, nothing of it stays, and readers notice nothing.</summary>
public sealed class NoRoomTests : IDisposable
{
    const int Disk = 6 << 20;
    const int Large = 3 << 20;
    const string SearchPath = "/usr/sbin:/usr/bin:/sbin:/bin";

    readonly TemporaryDirectory _directory = new();
    readonly string _disk;
    readonly RepositoryAccess _access = new("test", TimeProvider.System);
    bool _isMounted;

    public NoRoomTests() => _disk = Directory.CreateDirectory(_directory["disk"]).FullName;

    public void Dispose()
    {
        if (_isMounted)
        {
            Require(Run("umount", "--lazy", _disk));
        }

        _directory.Dispose();
    }

    [Fact]
    public async Task A_limit_of_the_size_of_files_is_507_and_ends_nobody()
    {
        Assert.SkipWhen(ProgramPath.Find("prlimit", SearchPath) is null, "no prlimit: `apt-get install util-linux`");
        await using var pmd = await ServeAsync();
        using var client = PublishingProcess.ClientOf(pmd.Address, Token());
        Require(Run("prlimit", "--pid", pmd.Id.ToString(CultureInfo.InvariantCulture), $"--fsize={Large / 2}:"));

        await RefusesAsync(client, Pkg("large@1", Large));
        await TakesAsync(client, Pkg("small@1", 1000));

        Assert.False(pmd.HasExited);
    }

    [Fact]
    public async Task A_full_file_system_is_507_and_ends_nobody()
    {
        MountDisk();
        await using var pmd = await ServeAsync();
        using var client = PublishingProcess.ClientOf(pmd.Address, Token());
        LeaveRoom(Large / 2);

        await RefusesAsync(client, Pkg("large@1", Large));
        await TakesAsync(client, Pkg("small@1", 1000));

        Assert.False(pmd.HasExited);
    }

    /// <summary>A little more room each time, so that each write is once the first that finds none.</summary>
    [Fact]
    public async Task However_little_room_there_is_the_state_is_whole_and_signed()
    {
        const int Step = 24_576;
        MountDisk();
        await using var pmd = await ServeAsync();
        using var client = PublishingProcess.ClientOf(pmd.Address, Token());
        var pkg = Pkg("medium@1", 60_000);
        var statuses = new HashSet<HttpStatusCode?>();
        for (var room = 0; !statuses.Contains(HttpStatusCode.OK) && room < Disk / 2; room += Step)
        {
            LeaveRoom(room);

            var upload = await PublishingProcess.UploadAsync(client, pkg);
            // OK: it is there whole from a round before.
            statuses.Add(upload is HttpStatusCode.Created or HttpStatusCode.OK ? await PublishingProcess.PublishAsync(client, pkg) : upload);
            await RequireGoodAsync(client);
        }

        Assert.Contains(HttpStatusCode.InsufficientStorage, statuses);
        Assert.All(statuses, status => Assert.True(status is HttpStatusCode.OK or HttpStatusCode.InsufficientStorage, $"{status}"));
        Assert.Contains(HttpStatusCode.OK, statuses);
        Assert.Empty(Uploads());
    }

    async Task RefusesAsync(HttpClient client, byte[] pkg)
    {
        Assert.Equal(HttpStatusCode.InsufficientStorage, await PublishingProcess.UploadAsync(client, pkg));
        Assert.Empty(Uploads());
        await RequireGoodAsync(client);
    }

    async Task TakesAsync(HttpClient client, byte[] pkg)
    {
        Assert.Equal(HttpStatusCode.Created, await PublishingProcess.UploadAsync(client, pkg));
        Assert.Equal(HttpStatusCode.OK, await PublishingProcess.PublishAsync(client, pkg));
        await RequireGoodAsync(client);
    }

    /// <summary>A reader is answered, and what is served is whole and signed.</summary>
    async Task RequireGoodAsync(HttpClient client)
    {
        using var answer = await client.GetAsync(new Uri("/timestamp.json", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var verification = DirectoryRepository.Open(Repository).Verify(DateTimeOffset.UtcNow, null, TestContext.Current.CancellationToken);
        Assert.DoesNotContain(verification.Findings, finding => finding.IsFault);
    }

    string Repository => Path.Join(_disk, "repository");

    IEnumerable<string> Uploads() => Directory.EnumerateFiles(Path.Join(Repository, "pmd/uploads"));

    async Task<RunningProcess> ServeAsync()
    {
        DirectoryRepository.Init(Repository, new RoleLifetimes(), _access).AllowUnsigned(true, _access);
        return await RunningProcess.StartAsync(null, "--access-log", "none", Repository);
    }

    string Token()
    {
        using var database = RepositoryDatabase.OpenOrCreate(Repository);
        return database.Tokens.Create(new NewToken([TokenScope.Parse("publish:*")], "", null), AuditActor.Local, DateTimeOffset.UtcNow).Secret.Text;
    }

    static byte[] Pkg(string id, int size)
    {
        var bytes = new byte[size];
        new Random(1).NextBytes(bytes);
        return new SamplePackage(id, "x", "", ("share/bytes", bytes)).ToPkg(isSigned: false);
    }

    void MountDisk()
    {
        Assert.SkipWhen(Environment.UserName != "root", "only root may mount");
        var mounted = Run("mount", "-t", "tmpfs", "-o", string.Create(CultureInfo.InvariantCulture, $"size={Disk}"), "pm-test", _disk);
        Assert.SkipWhen(!mounted.IsSuccess, $"no tmpfs: {mounted.ErrorText.Trim()}");
        _isMounted = true;
    }

    /// <summary>Fills the disk up but for so many bytes.</summary>
    void LeaveRoom(long room)
    {
        var path = Path.Join(_disk, "ballast");
        File.Delete(path);
        using var ballast = File.Create(path);
        ballast.Write(new byte[Math.Max(0, new DriveInfo(_disk).AvailableFreeSpace - room)]);
    }

    static ChildResult Run(string program, params string[] arguments) =>
        ChildProcess.Run(new ChildOptions { FileName = program, Arguments = arguments, SearchPath = SearchPath });

    static void Require(ChildResult result) => Assert.True(result.IsSuccess, result.ErrorText);
}
