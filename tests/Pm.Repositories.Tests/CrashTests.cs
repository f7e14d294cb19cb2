using System.Text;
using Pm.Linux;
using Pm.Trust;
using Xunit;

namespace Pm.Repositories.Tests;

/// <summary>
/// Every change meets a fault at its N-th write, for all N: a full disk once and for good, a failing disk, and the end of
/// the process (a failure of this and every later write: nothing is tidied up).
/// </summary>
public sealed class CrashTests : IDisposable
{
    readonly RepositoryFixture _fixture = new();
    readonly SamplePackage _first = new("foo@1.0", "one");
    readonly SamplePackage _second = new("foo@1.1", "two");
    readonly string _before;

    public CrashTests()
    {
        _fixture.Publish(_first);
        _before = Path.Join(_fixture.Outside, "before");
        TemporaryDirectory.Copy(_fixture.Path, _before);
    }

    public void Dispose()
    {
        WriteDoor.Fault = null;
        _fixture.Dispose();
    }

    [Theory]
    [InlineData("enospc@{0}")]
    [InlineData("enospc@{0}+")]
    [InlineData("eio@{0}+")]
    [InlineData("eintr@{0}")]
    public void Publish_leaves_the_old_state_or_the_new(string fault)
    {
        var pkg = _second.Save(_fixture.Outside);
        Run(fault, ["foo@1.0"], ["foo@1.0", "foo@1.1"],
            repository => repository.Publish([pkg], RepositoryFixture.Options, _fixture.Access));
    }

    /// <summary>Two builds of a version have files of one length, as tar archives often do; the first of them was never published.</summary>
    [Fact]
    public void What_a_publish_that_failed_left_behind_is_never_published()
    {
        var other = new SamplePackage("foo@1.1", "owt");
        var (first, second) = (_second.Save(_fixture.Outside), other.Save(_fixture.Outside));
        Assert.Equal(new FileInfo(first).Length, new FileInfo(second).Length);
        for (var n = 1; ; n++)
        {
            var path = Path.Join(_fixture.Outside, $"left-{n}");
            TemporaryDirectory.Copy(_before, path);
            var repository = DirectoryRepository.Open(path);
            var isDone = Strike($"enospc@{n}", path, () => repository.Publish([first], WithKey("a key"), _fixture.Access));
            if (isDone)
            {
                Assert.True(n > 10, $"only {n} writes");
                return;
            }

            if (repository.List().Count == 2)
            {
                continue;
            }

            repository.Publish([second], WithKey("b key"), _fixture.Access);

            Assert.Equal(File.ReadAllBytes(second), File.ReadAllBytes(Path.Join(path, "repository/foo-1.1.pkg")));
            Assert.Equal("b key", File.ReadAllText(Path.Join(path, $"repository/publishers/{SamplePackage.Signer}.asc")));
            Assert.DoesNotContain(repository.Verify(_fixture.Clock.Now, SamplePackage.Judge, TestContext.Current.CancellationToken).Findings, finding => finding.IsFault);
            Directory.Delete(path, recursive: true);
        }
    }

    /// <summary>A disk that is full while one package is unpacked is so for that one alone.</summary>
    [Fact]
    public void A_request_that_the_disk_has_no_space_for_costs_those_beside_it_nothing()
    {
        var refusals = 0;
        PublishRequest[] requests = [.. new[] { _second, new SamplePackage("bar@1.0", "three") }.Select(
            package => new PublishRequest([new PublishFile(package.Save(_fixture.Outside), "file.pkg")], RepositoryFixture.Options))];
        for (var n = 1; n < 10; n++)
        {
            var path = Path.Join(_fixture.Outside, $"full-{n}");
            TemporaryDirectory.Copy(_before, path);
            var repository = DirectoryRepository.Open(path);
            WriteDoor.Fault = new WriteFault { Kind = WriteFaultKind.Fail, Errno = Errno.ENOSPC, At = n, Call = "write", Beneath = path };

            var answers = repository.PublishTogether(requests, _fixture.Access);

            WriteDoor.Fault = null;
            refusals += answers[0].Refusal is SystemCallException ? 1 : 0;
            Assert.Null(answers[1].Refusal);
            Assert.Empty(repository.Verify(_fixture.Clock.Now, SamplePackage.Judge, TestContext.Current.CancellationToken).Findings);
            Directory.Delete(path, recursive: true);
        }

        Assert.True(refusals > 3, $"only {refusals} refusals");
    }

    [Theory]
    [InlineData("enospc@{0}+")]
    [InlineData("eio@{0}+")]
    public void Remove_leaves_the_old_state_or_the_new(string fault) =>
        Run(fault, ["foo@1.0"], [], repository => repository.Remove([_first.Package.Id], _fixture.Access));

    [Fact]
    public void Yank_leaves_the_old_state_or_the_new() =>
        Run("eio@{0}+", ["foo@1.0"], ["foo@1.0"], repository => repository.Yank(_first.Package.Id, "bad", _fixture.Access));

    [Theory]
    [InlineData("root")]
    [InlineData("timestamp")]
    public void Rotation_of_a_key_leaves_a_repository_that_clients_accept(string role) =>
        Run("eio@{0}+", ["foo@1.0"], ["foo@1.0"], repository => repository.RotateKey(role, _fixture.Access));

    [Fact]
    public void Init_can_be_repeated_after_any_crash()
    {
        for (var n = 1; ; n++)
        {
            var path = Path.Join(_fixture.Outside, $"init-{n}");
            var isDone = Strike($"eio@{n}+", path, () => DirectoryRepository.Init(path, new RoleLifetimes(), _fixture.Access));
            if (isDone)
            {
                Assert.True(n > 20, $"only {n} writes");
                return;
            }

            if (!File.Exists(Path.Join(path, "repository/timestamp.json")))
            {
                DirectoryRepository.Init(path, new RoleLifetimes(), _fixture.Access);
            }

            var repository = DirectoryRepository.Open(path);
            repository.Refresh(onlyIfNeeded: true, _fixture.Access);
            Assert.Empty(repository.Verify(_fixture.Clock.Now, SamplePackage.Judge, TestContext.Current.CancellationToken).Findings);
        }
    }

    // In bins: the first of these makes them.

    [Theory]
    [InlineData("enospc@{0}")]
    [InlineData("eio@{0}+")]
    public void The_publish_that_makes_bins_leaves_the_old_state_or_the_new(string fault)
    {
        var pkg = _second.Save(_fixture.Outside);
        Run(fault, ["foo@1.0"], ["foo@1.0", "foo@1.1"],
            repository => repository.Publish([pkg], RepositoryFixture.Options, _fixture.Access), BinsAbove(_before, 1));
    }

    [Theory]
    [InlineData("enospc@{0}+")]
    [InlineData("eio@{0}+")]
    public void A_publish_into_bins_leaves_the_old_state_or_the_new(string fault)
    {
        var pkg = _second.Save(_fixture.Outside);
        Run(fault, ["foo@1.0"], ["foo@1.0", "foo@1.1"],
            repository => repository.Publish([pkg], RepositoryFixture.Options, _fixture.Access), InBins());
    }

    [Fact]
    public void A_removal_from_bins_leaves_the_old_state_or_the_new() =>
        Run("eio@{0}+", ["foo@1.0"], [], repository => repository.Remove([_first.Package.Id], _fixture.Access), InBins());

    [Fact]
    public void Another_key_of_the_bins_leaves_a_repository_that_clients_accept() =>
        Run("eio@{0}+", ["foo@1.0"], ["foo@1.0"], repository => repository.RotateKey("bins", _fixture.Access), InBins());

    /// <summary>The first package, in bins.</summary>
    string InBins()
    {
        var path = Path.Join(_fixture.Outside, "bins");
        var repository = DirectoryRepository.Init(path, new RoleLifetimes(), 0, _fixture.Access);
        repository.Publish([_first.Save(_fixture.Outside)], RepositoryFixture.Options, _fixture.Access);
        Assert.True(File.Exists(Path.Join(path, "keys/bins.json")));
        return path;
    }

    static string BinsAbove(string path, int count)
    {
        File.WriteAllBytes(Path.Join(path, RepositorySettings.FileName), new RepositorySettings { BinsAbove = count }.ToBytes());
        return path;
    }

    static PublishOptions WithKey(string key) => RepositoryFixture.Options with { PublicKey = _ => Encoding.ASCII.GetBytes(key) };

    void Run(string fault, string[] before, string[] after, Action<DirectoryRepository> change, string? start = null)
    {
        for (var n = 1; ; n++)
        {
            var path = Path.Join(_fixture.Outside, $"{n}");
            TemporaryDirectory.Copy(start ?? _before, path);
            var repository = DirectoryRepository.Open(path);
            var isDone = Strike(string.Format(null, fault, n), path, () => change(repository));

            // A client sees one whole state, whatever happened.
            Assert.DoesNotContain(repository.Verify(_fixture.Clock.Now, SamplePackage.Judge, TestContext.Current.CancellationToken).Findings, finding => finding.IsFault);
            var listed = repository.List().Select(target => target.Package.Id.ToString()).ToArray();
            Assert.True(listed.SequenceEqual(before) || listed.SequenceEqual(after), string.Join(' ', listed));

            // The same again succeeds, or finds that it is done; then nothing is left over.
            RetryAndSettle(repository, change);
            Assert.Equal(after, repository.List().Select(target => target.Package.Id.ToString()));
            Assert.Empty(repository.Verify(_fixture.Clock.Now, SamplePackage.Judge, TestContext.Current.CancellationToken).Findings);
            Assert.Equal(["lock"], Directory.EnumerateFiles(Path.Join(path, "staged")).Select(Path.GetFileName));
            Directory.Delete(path, recursive: true);
            if (isDone)
            {
                Assert.True(n > 10, $"only {n} writes");
                return;
            }
        }
    }

    void RetryAndSettle(DirectoryRepository repository, Action<DirectoryRepository> change)
    {
        try
        {
            change(repository);
        }
        catch (RepositoryException exception) when (exception.Code is "PM5005" or "PM5019")
        {
            // Removed before the crash; or finished just now, and not done a second time.
        }

        repository.CollectGarbage(isDryRun: false, _fixture.Access);
        repository.Refresh(onlyIfNeeded: true, _fixture.Access);
    }

    /// <returns>Whether the fault did not strike: the change was done before its N-th write.</returns>
    static bool Strike(string fault, string path, Action action)
    {
        var armed = WriteFault.Parse(fault, path);
        WriteDoor.Fault = armed;
        try
        {
            action();
        }
        catch (Exception exception) when (exception is SystemCallException or RepositoryException or TrustException)
        {
            Assert.True(armed.HasStruck, exception.Message);
        }
        finally
        {
            WriteDoor.Fault = null;
        }

        return !armed.HasStruck;
    }
}
