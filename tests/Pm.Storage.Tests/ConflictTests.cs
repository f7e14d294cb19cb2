using Pm.Packages;
using Xunit;

namespace Pm.Storage.Tests;

public sealed class ConflictTests
{
    [Fact]
    public void Two_packages_with_other_content_at_one_path_are_both_named()
    {
        using var world = new World();
        world.Install(world.Save("a", "1", ("bin/tool", "#!a")));
        var b = world.Save("b", "2", ("bin/tool", "#!b"), ("bin/other", "#!b"));
        var before = world.Tree();
        var a = world.Root.Current!.Packages[0];

        var e = Assert.Throws<ConflictException>(
            () => world.Apply(_ => Planner.Plan(world.Root, world.Store, [a, World.Asked(b)])));

        var conflict = Assert.Single(e.Conflicts);
        Assert.Equal(("bin/tool", ConflictKind.TwoPackages, "b@2", "a@1"), (conflict.Path, conflict.Kind, conflict.Package, conflict.Other));
        Assert.Contains("b@2", e.Message, StringComparison.Ordinal);
        Assert.Contains("a@1", e.Message, StringComparison.Ordinal);
        Assert.Equal(before, world.Tree());
    }

    [Fact]
    public void A_file_in_one_package_and_a_directory_in_another_are_a_conflict_both_ways()
    {
        using var world = new World();
        var file = world.Save("file", "1", ("x", "file"));
        var directory = world.Save("zdir", "1", ("x/y", "in"));
        var other = world.Save("adir", "1", ("x/y", "in"));

        Assert.Equal(ConflictKind.TwoPackages, Assert.Single(world.Plan(file, directory).Conflicts).Kind);
        Assert.Equal(ConflictKind.TwoPackages, Assert.Single(world.Plan(file, other).Conflicts).Kind);
    }

    [Fact]
    public void The_same_content_with_another_mode_is_a_conflict()
    {
        using var world = new World();
        var one = new PackageBuilder(PackageId.Parse("a@1"));
        world.Add(one, "key", "same", 0b110_000_000);

        var plan = world.Plan(world.Save(one), world.Save("b", "1", ("key", "same")));

        Assert.Contains("mode", Assert.Single(plan.Conflicts).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_foreign_file_is_a_conflict_unless_it_holds_the_same()
    {
        using var world = new World();
        world.Write("bin/same", "#!same");
        world.Write("bin/differs", "mine");
        var foo = world.Save("foo", "1", ("bin/same", "#!same"), ("bin/differs", "#!theirs"));

        var conflict = Assert.Single(world.Plan(foo).Conflicts);

        Assert.Equal(("bin/differs", ConflictKind.Foreign), (conflict.Path, conflict.Kind));
        File.Delete(Path.Join(world.RootPath, "bin/differs"));
        world.Install(foo);
        Assert.Equal("f 0555 #!same", world.Tree()["bin/same"]);
    }

    [Theory]
    [InlineData("elsewhere")]
    [InlineData("share")]
    public void Nothing_is_written_through_a_link_to_a_directory(string target)
    {
        using var world = new World();
        var full = target == "elsewhere" ? Directory.CreateDirectory(Path.Join(world.Home, "elsewhere")).FullName : target;
        Directory.CreateDirectory(Path.Join(world.RootPath, "share"));
        File.CreateSymbolicLink(Path.Join(world.RootPath, "lib"), full);
        var foo = world.Save("foo", "1", ("lib/foo/a", "a"), ("lib/b", "b"), ("bin/foo", "#!foo"));

        var conflict = Assert.Single(world.Plan(foo).Conflicts);

        Assert.Equal(("lib", ConflictKind.ThroughLink), (conflict.Path, conflict.Kind));
        Assert.Empty(Directory.GetFileSystemEntries(Path.Join(world.Home, "store", "..", target == "elsewhere" ? "elsewhere" : "root/share")));
    }

    [Fact]
    public void A_foreign_file_where_a_directory_is_needed_and_the_other_way_round_are_named()
    {
        using var world = new World();
        world.Write("lib", "file");
        Directory.CreateDirectory(Path.Join(world.RootPath, "bin"));
        var foo = world.Save("foo", "1", ("lib/a/b", "b"), ("bin", "file"));

        Assert.Equal(
            [("bin", ConflictKind.WrongKind), ("lib", ConflictKind.WrongKind)],
            world.Plan(foo).Conflicts.Select(c => (c.Path, c.Kind)).Order());
    }

    [Theory]
    [InlineData("var/lib/pm/generations/1.json")]
    [InlineData("var/lib/pm")]
    [InlineData("var/cache/pm/x")]
    [InlineData("bin/.pm-3-1")]
    public void What_is_pm_s_own_no_package_may_bring(string path)
    {
        using var world = new World();

        var plan = world.Plan(world.Save("foo", "1", (path, "evil")));

        Assert.Contains(plan.Conflicts, c => c.Kind is ConflictKind.Reserved);
    }

    [Fact]
    public void A_directory_that_becomes_a_file_is_a_conflict_while_something_foreign_is_in_it()
    {
        using var world = new World();
        world.Install(world.Save("foo", "1", ("x/a", "a")));
        world.Write("x/mine", "mine");
        var two = world.Save("foo", "2", ("x", "file"));

        Assert.Equal(ConflictKind.WrongKind, Assert.Single(world.Plan(two).Conflicts).Kind);
        File.Delete(Path.Join(world.RootPath, "x/mine"));
        world.Install(two);
        Assert.Equal("file", world.Read("x"));
    }

    [Fact]
    public void Planning_touches_nothing()
    {
        using var world = new World();
        world.Install(world.Save("foo", "1", ("a/b", "1"), ("c", "c")));
        var two = world.Save("foo", "2", ("a/b", "2"), ("d/e", "d"));
        world.Store.Sync();
        var before = Snapshot.Of(world.RootPath, withState: true);
        var calls = Linux.WriteDoor.Count;

        var plan = world.Plan(two);

        Assert.Equal(["d/e"], plan.Added);
        Assert.Equal(["a/b"], plan.Replaced);
        Assert.Equal(["c"], plan.Removed);
        Assert.Equal(calls, Linux.WriteDoor.Count);
        Assert.Equal(before, Snapshot.Of(world.RootPath, withState: true));
    }
}
