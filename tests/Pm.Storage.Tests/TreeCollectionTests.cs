using Pm.Linux;
using Pm.Packages;
using Xunit;

namespace Pm.Storage.Tests;

/// <summary>The trees of an application root go with their generations; what is nowhere else does not.</summary>
public sealed class TreeCollectionTests
{
    readonly List<string> _notes = [];

    [Fact]
    public void What_has_another_name_goes_with_its_tree_and_nothing_is_told()
    {
        using var world = Twice(world =>
        {
            world.Write("data/mine", "mine");
            world.Write("etc/c", "edited");
            // Through the link, so that the store's blob is the same file.
            world.Edit("lib/x", "edited");
        });

        Collect(world);

        Assert.Empty(_notes);
        Assert.Equal(["2"], Trees(world));
        Assert.False(Directory.Exists(Path.Join(world.Root.StatePath, "saved")));
        Assert.Equal("mine", world.Read("data/mine"));
    }

    [Fact]
    public void What_was_written_into_an_old_tree_after_another_took_its_place_is_kept()
    {
        using var world = Twice(world => world.Write("data/mine", "mine"));
        var old = Path.Join(world.Root.StatePath, "trees/1");
        File.WriteAllText(Path.Join(old, "data/late"), "late");
        File.SetUnixFileMode(Path.Join(old, "data"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Link(old, "data/late", "data/other");
        File.CreateSymbolicLink(Path.Join(old, "data/link"), "late");
        World.EditAt(Path.Join(old, "lib/x"), "edited late");
        File.Delete(Path.Join(old, "lib/only1"));
        File.WriteAllText(Path.Join(old, "lib/only1"), "replaced late");

        Collect(world);

        Assert.Equal(["2"], Trees(world));
        var saved = Path.Join(world.Root.StatePath, "saved/1");
        Assert.Equal(
            ["data!late", "data!link", "data!other", "lib!only1", "lib!x"],
            Directory.EnumerateFileSystemEntries(saved).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal("late", File.ReadAllText(Path.Join(saved, "data!other")));
        Assert.Equal("edited late", File.ReadAllText(Path.Join(saved, "lib!x")));
        // What lay in a directory of one owner alone is not open to all there.
        Assert.Equal(0b111_000_000, FileStatus.Of(saved)!.Value.Mode);
        Assert.Contains("`data/late`: kept as var/lib/pm/saved/1/data!late", Assert.Single(_notes), StringComparison.Ordinal);
        Assert.Equal("mine", world.Read("data/mine"));
    }

    [Fact]
    public void A_path_that_is_too_long_for_one_name_is_kept_by_its_end()
    {
        using var world = Twice(_ => { });
        var name = string.Concat(Enumerable.Repeat("é", 127));
        var deep = Path.Join(world.Root.StatePath, "trees/1", new string('d', 200), name);
        Directory.CreateDirectory(deep);
        File.WriteAllText(Path.Join(deep, "late"), "late");
        File.WriteAllText(Path.Join(deep, name), "later");
        File.WriteAllText(Path.Join(deep, new string('n', 240) + "!.."), "latest");

        Collect(world);

        Assert.Equal(["2"], Trees(world));
        Assert.Equal(
            ["late", "later", "latest"], Directory.EnumerateFiles(Path.Join(world.Root.StatePath, "saved/1")).Select(File.ReadAllText).Order(StringComparer.Ordinal));
        Assert.True(File.Exists(Path.Join(world.Root.StatePath, "saved/1/late")));
    }

    [Fact]
    public void A_tree_whose_generation_is_not_known_any_more_keeps_what_is_not_told_by_its_time()
    {
        using var world = Twice(_ => { });
        File.WriteAllText(Path.Join(world.Root.StatePath, "trees/1/late"), "late");
        // As if a collection had been stopped between the two.
        File.Delete(Path.Join(world.Root.StatePath, "generations/1.json"));

        Collect(world);

        Assert.Equal(["2"], Trees(world));
        Assert.Equal("late", File.ReadAllText(Path.Join(world.Root.StatePath, "saved/1/late")));
        Assert.False(File.Exists(Path.Join(world.Root.StatePath, "saved/1/lib!only1")));
    }

    [Fact]
    public void What_is_mounted_in_a_tree_is_left_as_it_is_and_the_rest_goes()
    {
        Assert.SkipUnless(SystemUser.IsRoot, "only a super-user mounts");
        using var world = new World(RootKind.Application);
        var served = Directory.CreateDirectory(Path.Join(world.Home, "served")).FullName;
        world.Install(One(world));
        var data = Path.Join(world.Root.StatePath, "trees/1/data");
        Assert.SkipUnless(Mount("mount", "--bind", served, data), "mounting is not allowed here");
        try
        {
            world.Install(Two(world));
            world.Install(world.Save("foo", "3", ("lib/x", "x3")));
            File.WriteAllText(Path.Join(served, "precious"), "kept");
            File.WriteAllText(Path.Join(served, "2"), "another");

            Collect(world);

            Assert.Equal("kept", File.ReadAllText(Path.Join(served, "precious")));
            Assert.Equal(["1", "3"], Trees(world));
            Assert.True(File.Exists(Path.Join(world.Root.StatePath, "trees/1/lib/x")));
            Assert.Contains($"{data}: something is mounted there", Assert.Single(_notes), StringComparison.Ordinal);
            Assert.Equal([3], world.Root.GenerationNumbers());
        }
        finally
        {
            Mount("umount", data);
        }

        Collect(world);

        Assert.Equal(["3"], Trees(world));
        Assert.Equal("kept", File.ReadAllText(Path.Join(served, "precious")));
    }

    [Fact]
    public void A_change_that_fails_while_something_is_mounted_in_its_tree_is_undone_and_the_mount_is_left()
    {
        Assert.SkipUnless(SystemUser.IsRoot, "only a super-user mounts");
        using var world = new World(RootKind.Application);
        var served = Directory.CreateDirectory(Path.Join(world.Home, "served")).FullName;
        File.WriteAllText(Path.Join(served, "precious"), "kept");
        var package = world.Save(
            new PackageBuilder(PackageId.Parse("foo@1")).AddMeta("meta/bin/post-install", "#!/bin/sh\n"u8.ToArray()), ("data/1", "1"));
        var isMounted = false;
        try
        {
            var e = Assert.Throws<RolledBackException>(() => world.Apply(_ => world.Plan(package), hook =>
            {
                isMounted = Mount("mount", "--bind", served, Path.Join(world.Root.StatePath, "trees/1/data"));
                throw new StoreException("PM4000", "the script failed");
            }));
            Assert.SkipUnless(isMounted, "mounting is not allowed here");

            Assert.Contains("the script failed", e.Message, StringComparison.Ordinal);
            Assert.False(world.Root.NeedsRecovery);
            Assert.Equal("kept", File.ReadAllText(Path.Join(served, "precious")));
            Assert.Contains("`current`: kept as var/lib/pm/saved/1/current", Assert.Single(world.Warnings), StringComparison.Ordinal);
        }
        finally
        {
            Mount("umount", Path.Join(world.Root.StatePath, "saved/1/current/data"));
            Mount("umount", Path.Join(world.Root.StatePath, "trees/1/data"));
        }
    }

    static Package One(World world) => world.Save("foo", "1", ("lib/x", "x1"), ("lib/only1", "only 1"), ("data/1", "data 1"), ("link", "→lib/x"), ("etc/c", "c1"));

    static Package Two(World world) => world.Save("foo", "2", ("lib/x", "x2"), ("data/2", "data 2"), ("etc/c", "c2"));

    static World Twice(Action<World> change)
    {
        var world = new World(RootKind.Application);
        world.Install(One(world));
        change(world);
        world.Install(Two(world));
        return world;
    }

    void Collect(World world) => GarbageCollection.Run(
        world.Store, new KeepRules { Now = World.Start + TimeSpan.FromDays(400), Generations = 1, Age = TimeSpan.Zero }, world.Writer,
        note: _notes.Add);

    static IEnumerable<string?> Trees(World world) => Directory.EnumerateFileSystemEntries(Path.Join(world.Root.StatePath, "trees"))
        .Select(Path.GetFileName).Order(StringComparer.Ordinal);

    static void Link(string tree, string path, string other)
    {
        using var top = DirectoryHandle.Open(Path.Join(tree, Path.GetDirectoryName(path)));
        top.Link(top, Path.GetFileName(path), Path.GetFileName(other));
    }

    static bool Mount(string program, params string[] arguments) => ChildProcess.Run(new ChildOptions
    {
        FileName = program,
        Arguments = arguments,
        SearchPath = "/usr/bin:/bin:/usr/sbin:/sbin",
    }).IsSuccess;
}
