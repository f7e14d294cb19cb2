using Pm.Linux;
using Pm.Storage.Keys;
using Xunit;

namespace Pm.Storage.Tests.Keys;

/// <summary>What gpg and gpgv are given lies in a directory of its own, and none of it stays.</summary>
public sealed class PrivateDirectoryTests
{
    [Fact]
    public void It_is_gone_afterwards_with_all_that_is_in_it()
    {
        using var world = new World();
        using (var directory = new PrivateDirectory(world.Home))
        {
            Assert.Equal("text", File.ReadAllText(directory.Write("file", "text"u8)));
        }

        Assert.DoesNotContain(Names(world), name => name.StartsWith("pm-gpg-", StringComparison.Ordinal));
    }

    [Fact]
    public void What_a_killed_process_left_goes_and_what_another_uses_stays()
    {
        using var world = new World();
        var (left, used) = (Path.Join(world.Home, "pm-gpg-left"), Path.Join(world.Home, "pm-gpg-used"));
        Directory.CreateDirectory(left);
        File.WriteAllText(Path.Join(left, "ring.gpg"), "");
        Directory.CreateDirectory(used);
        using var user = DirectoryHandle.Open(used);
        Assert.True(user.TryLock());

        new PrivateDirectory(world.Home).Dispose();

        Assert.Equal(["pm-gpg-used"], Names(world).Where(name => name.StartsWith("pm-gpg-", StringComparison.Ordinal)));
    }

    static IEnumerable<string> Names(World world) => Directory.EnumerateFileSystemEntries(world.Home).Select(path => Path.GetFileName(path));
}
