using Pm.Linux;
using Pm.Repositories.Publishing;
using Xunit;

namespace Pm.Repositories.Tests.Publishing;

/// <summary>
/// From the first byte of an upload to the answer, a fault at the N-th write for all N; then a new process comes. What was
/// answered is there, what was not is there as a whole or not at all, and the log says which.
/// </summary>
public sealed class DeskCrashTests : IDisposable
{
    readonly SamplePackage _package = new("foo@1.1", "two");

    public void Dispose() => WriteDoor.Fault = null;

    [Theory]
    [InlineData("eio@{0}+")]
    [InlineData("enospc@{0}")]
    public async Task A_fault_at_any_write_leaves_the_old_state_or_the_new(string fault)
    {
        using var template = new DeskFixture();
        var publisher = template.Publisher("publish:*");
        await template.PublishAsync(publisher, new SamplePackage("foo@1.0", "one"));
        template.Desk.Dispose();
        for (var n = 1; ; n++)
        {
            using var fixture = new DeskFixture(template.Files.Path);
            var armed = WriteFault.Parse(string.Format(null, fault, n), fixture.Files.Path);
            WriteDoor.Fault = armed;
            var isAnswered = await TryAsync(fixture, publisher);
            WriteDoor.Fault = null;
            Assert.True(isAnswered || armed.HasStruck);

            fixture.Restart();
            var listed = fixture.Files.Listed().ToList();
            Assert.DoesNotContain(fixture.Files.Repository.Verify(fixture.Files.Clock.Now, null, TestContext.Current.CancellationToken).Findings, finding => finding.IsFault);
            Assert.True(listed is ["foo@1.0"] or ["foo@1.0", "foo@1.1"], string.Join(' ', listed));
            Assert.True(!isAnswered || listed.Count == 2, "answered and lost");
            RequireTrueLog(fixture, listed.Count == 2);

            // Who was not answered asks again.
            Assert.True(await TryAsync(fixture, publisher));
            Assert.Equal(["foo@1.0", "foo@1.1"], fixture.Files.Listed());
            Assert.Empty(fixture.Uploads());
            if (!armed.HasStruck)
            {
                Assert.True(n > 30, $"only {n} writes");
                return;
            }
        }
    }

    static void RequireTrueLog(DeskFixture fixture, bool isPublished)
    {
        var about = fixture.Log().Where(line => line.Contains("foo@1.1", StringComparison.Ordinal)).ToList();
        Assert.Equal(isPublished, about.Contains("publish foo@1.1 ok"));
        Assert.DoesNotContain("publish foo@1.1 open", about);
    }

    async Task<bool> TryAsync(DeskFixture fixture, Publisher publisher)
    {
        try
        {
            await fixture.PublishAsync(publisher, _package);
            return true;
        }
        catch (Exception error) when (error is SystemCallException or RepositoryException)
        {
            return false;
        }
    }
}
