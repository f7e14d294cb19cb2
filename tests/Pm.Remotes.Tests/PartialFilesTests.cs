using Pm.Remotes.Downloads;
using Pm.Repositories.Tests;
using Xunit;

namespace Pm.Remotes.Tests;

public sealed class PartialFilesTests : IDisposable
{
    static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    readonly TemporaryDirectory _directory = new();

    PartialFiles Files => new(_directory["partial"]);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void What_is_old_goes_and_what_is_young_stays()
    {
        Make("old", 10, days: 8);
        Make("young", 10, days: 6);

        var removed = Files.Clean(Now, PartialFiles.MaximumAge);

        Assert.Equal(["old"], removed.Select(p => p.Name));
        Assert.Equal(["young"], Files.Parts().Select(p => p.Name));
    }

    [Fact]
    public void Of_what_is_too_much_the_oldest_goes()
    {
        Make("a", 100, days: 3);
        Make("b", 100, days: 2);
        Make("c", 100, days: 1);

        Files.Clean(Now, PartialFiles.MaximumAge, maximumSize: 150);

        Assert.Equal(["c"], Files.Parts().Select(p => p.Name));
    }

    [Fact]
    public void Where_nothing_was_kept_nothing_is_made()
    {
        Assert.Empty(Files.Clean(Now, TimeSpan.Zero));
        Assert.False(Directory.Exists(_directory["partial"]));
    }

    void Make(string name, int size, int days)
    {
        Directory.CreateDirectory(_directory["partial"]);
        var path = Path.Join(_directory["partial"], name);
        File.WriteAllBytes(path, new byte[size]);
        File.SetLastWriteTimeUtc(path, Now.AddDays(-days).UtcDateTime);
    }
}
