using Pm.Repositories.Auditing;
using Pm.Repositories.Database;
using Xunit;

namespace Pm.Repositories.Tests.Auditing;

/// <summary>What is changed by who sits at the machine is in the log, where one is kept.</summary>
public sealed class LocalLogTests : IDisposable
{
    readonly RepositoryFixture _fixture = new();

    RepositoryAccess Access => _fixture.Access with { Actor = AuditActor.Local };

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void Where_no_log_is_kept_none_is_made()
    {
        _fixture.Repository.AllowUnsigned(true, Access);

        Assert.Null(RepositoryDatabase.Status(_fixture.Path));
    }

    [Fact]
    public void A_change_is_in_the_log_with_what_came_of_it()
    {
        using var database = RepositoryDatabase.OpenOrCreate(_fixture.Path);
        string[] files = [new SamplePackage("foo@1.0", "one").Save(_fixture.Outside)];
        _fixture.Repository.Publish(files, RepositoryFixture.Options, Access);
        _fixture.Repository.Publish(files, RepositoryFixture.Options, Access);
        _fixture.Repository.Yank(RepositoryFixture.Id("foo@1.0"), "bad", Access);
        Assert.Throws<RepositoryException>(() => _fixture.Repository.Yank(RepositoryFixture.Id("foo@2.0"), null, Access));
        _fixture.Repository.Unyank(RepositoryFixture.Id("foo@1.0"), Access);

        Assert.Equal(
            ["publish foo@1.0 ok", "yank foo@1.0 ok", "yank foo@2.0 PM5005", "unyank foo@1.0 ok"],
            database.Audit.List(10).Reverse().Select(entry => $"{entry.Action} {entry.Subject} {entry.Result}"));
        Assert.All(database.Audit.List(10), entry => Assert.Equal(AuditActor.Local.Name, entry.Actor));
    }

    /// <summary>Under the lock nobody else is at his change: who began one and did not end it is gone.</summary>
    [Fact]
    public void What_a_killed_one_began_gets_its_result_at_the_next_change()
    {
        using var database = RepositoryDatabase.OpenOrCreate(_fixture.Path);
        _fixture.Publish(new SamplePackage("foo@1.0", "one"), new SamplePackage("foo@2.0", "two"));
        _fixture.Repository.Yank(RepositoryFixture.Id("foo@1.0"), null, _fixture.Access);
        var now = _fixture.Clock.Now;
        database.Audit.Add(AuditActor.Local, now, new(AuditedChange.Yanking, "foo@1.0"), null);
        database.Audit.Add(AuditActor.Local, now, new(AuditedChange.Yanking, "foo@2.0"), null);
        database.Audit.Add(AuditActor.Local, now, new(AuditedChange.Removing, "foo@3.0"), null);
        database.Audit.Add(AuditActor.Local, now, new(AuditedChange.Trusting, AuditedChange.NotSigned), null);
        database.Audit.Add(new AuditActor("token 0123456789", null, null), now, new(AuditedChange.Yanking, "foo@1.0"), null);

        _fixture.Repository.AllowUnsigned(true, Access);

        Assert.Equal(
            ["ok", "interrupted", "ok", "interrupted", null, "ok"], database.Audit.List(10).Reverse().Select(entry => entry.Result));
    }
}
