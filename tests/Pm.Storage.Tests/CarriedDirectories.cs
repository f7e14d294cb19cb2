using Pm.Linux;
using Xunit;

namespace Pm.Storage.Tests;

/// <summary>Directories of somebody in an application, of several modes and owners: in the next tree they are the same.</summary>
static class CarriedDirectories
{
    const uint Nobody = 65534;

    static readonly (string Path, int Mode)[] Directories =
    [
        ("private", 0b111_000_000), ("private/inner", 0b111_101_101), ("shared", 0b001_111_111_111), ("group", 0b010_111_111_000),
        ("read only", 0b101_000_000), ("read only/inner", 0b101_101_000), ("empty", 0b111_000_001),
    ];

    public static void Make(World world)
    {
        foreach (var (path, _) in Directories)
        {
            Directory.CreateDirectory(Path.Join(world.Root.ContentPath, path));
            if (path != "empty")
            {
                world.Write($"{path}/file", path);
            }
        }
        using var top = DirectoryHandle.Open(world.Root.ContentPath);
        foreach (var (path, mode) in Directories.Reverse())
        {
            using var parent = top.OpenBeneath(Path.GetDirectoryName(path) is { Length: > 0 } above ? above : ".");
            if (SystemUser.IsRoot)
            {
                parent.SetOwner(Path.GetFileName(path), Nobody, Nobody - 1);
            }
            parent.SetMode(Path.GetFileName(path), mode);
        }
    }

    public static void AssertAlike(World world)
    {
        var owners = SystemUser.IsRoot ? (Nobody, Nobody - 1) : (SystemUser.EffectiveUserId, SystemUser.EffectiveGroupId);
        foreach (var (path, mode) in Directories)
        {
            var status = FileStatus.Of(Path.Join(world.Root.ContentPath, path));
            Assert.True(status is not null, path);
            Assert.Equal((path, mode, owners), (path, status.Value.Mode, (status.Value.Owner, status.Value.Group)));
            Assert.Equal(path == "empty" ? [] : new[] { path }, Directory.EnumerateFiles(Path.Join(world.Root.ContentPath, path)).Select(File.ReadAllText));
        }
        Assert.DoesNotContain(world.Tree().Keys, p => Path.GetFileName(p).StartsWith(".pm-", StringComparison.Ordinal));
    }
}
