using Pm.Codecs;
using Pm.Repositories.Auditing;
using Pm.Repositories.Publishing;
using Pm.Repositories.Tokens;
using Pm.Repositories.Uploads;
using Pm.Storage.Keys;

namespace Pm.Repositories.Tests.Publishing;

/// <summary>A repository that takes unsigned packages, and a desk in front of it.</summary>
sealed class DeskFixture : IDisposable
{
    /// <summary>Never run: nobody signs here.</summary>
    static readonly OpenPgpProgram Gpg = new(new OpenPgpEnvironment { Variables = new Dictionary<string, string>() });

    public DeskFixture(int binsAbove = DirectoryRepository.UsualBinsAbove)
    {
        Files = new RepositoryFixture(binsAbove: binsAbove);
        Files.Repository.AllowUnsigned(true, Files.Access);
        Desk = Open();
    }

    /// <param name="before">Another one's repository, while its desk is closed: the new one begins as that is.</param>
    public DeskFixture(string before)
    {
        Files = new RepositoryFixture(isMade: false);
        TemporaryDirectory.Copy(before, Files.Path);
        Files.Repository = DirectoryRepository.Open(Files.Path);
        Desk = Open();
    }

    public RepositoryFixture Files { get; }

    public PublishingDesk Desk { get; private set; }

    public Publisher Publisher(params string[] scopes) => new(
        Desk.Tokens.Create(new NewToken([.. scopes.Select(TokenScope.Parse)], "a test", null), AuditActor.Local, Files.Clock.Now).Token, "192.0.2.7");

    public static UploadName Name(byte[] pkg, string name = "file.pkg") => new(Sha256Digest.Of(pkg), name);

    public async Task<UploadName> UploadAsync(Publisher publisher, byte[] pkg, string name = "file.pkg")
    {
        var upload = Name(pkg, name);
        using var receiver = await Desk.Uploads.BeginAsync(upload.Digest, publisher.Token.Id, UploadRange.Whole(pkg.Length), CancellationToken.None);
        receiver.Append(pkg);
        receiver.Finish();
        return upload;
    }

    public Task<UploadName> UploadAsync(Publisher publisher, SamplePackage package) => UploadAsync(publisher, package.ToPkg(isSigned: false));

    public async Task<IReadOnlyList<PublishedItem>> PublishAsync(Publisher publisher, params SamplePackage[] packages)
    {
        var uploads = new List<UploadName>();
        foreach (var package in packages)
        {
            uploads.Add(await UploadAsync(publisher, package));
        }

        return await Desk.PublishAsync(publisher, uploads);
    }

    /// <summary>As a new process finds it.</summary>
    public void Restart()
    {
        Desk.Dispose();
        Desk = Open();
    }

    /// <summary>The log, oldest first: "publish foo@1.0 ok".</summary>
    public IEnumerable<string> Log() =>
        Desk.Audit.List(1000).Reverse().Where(entry => !entry.Action.StartsWith("token", StringComparison.Ordinal))
            .Select(entry => $"{entry.Action} {entry.Subject} {entry.Result ?? "open"}");

    public string[] Uploads() => [.. Directory.EnumerateFiles(Path.Join(Files.Path, "pmd/uploads")).Where(path => !path.EndsWith(".whole", StringComparison.Ordinal)).Select(path => Path.GetFileName(path)!)];

    public void Dispose()
    {
        Desk.Dispose();
        Files.Dispose();
    }

    PublishingDesk Open() => PublishingDesk.Open(Files.Path, Gpg, new UploadLimits(), Files.Clock);
}
