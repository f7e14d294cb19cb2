using Pm.Linux;
using Pm.Packages;
using Xunit;

namespace Pm.Storage.Tests;

public sealed class TransactionTests
{
    [Theory]
    [InlineData(RootKind.Prefix)]
    [InlineData(RootKind.Application)]
    public void Installing_puts_the_files_there_and_records_the_generation(RootKind kind)
    {
        using var world = new World(kind);
        var foo = world.Save("foo", "1.0", ("bin/foo", "#!foo"), ("share/foo/a/text", "text"), ("lib", "→share"), ("etc/foo.conf", "x=1"));

        var generation = world.Install(foo);

        Assert.Equal(1, generation.Number);
        Assert.Equal(foo.Id, Assert.Single(world.Root.Current!.Packages).Id);
        Assert.Equal(
            """
            bin d 0755
            bin/foo f 0555 #!foo
            etc d 0755
            etc/foo.conf f 0644 x=1
            lib →share
            share d 0755
            share/foo d 0755
            share/foo/a d 0755
            share/foo/a/text f 0444 text
            """.ReplaceLineEndings("\n"),
            string.Join('\n', world.Tree().Select(p => $"{p.Key} {p.Value}")));
        Assert.False(world.Root.NeedsRecovery);
    }

    [Theory]
    [InlineData(RootKind.Prefix)]
    [InlineData(RootKind.Application)]
    public void Update_rollback_and_remove_give_the_trees_they_should(RootKind kind)
    {
        using var world = new World(kind);
        var one = world.Save("foo", "1.0", ("bin/foo", "#!1"), ("share/foo/old", "old"), ("share/foo/same", "same"), ("doc", "→a"));
        var two = world.Save("foo", "2.0", ("bin/foo", "#!2"), ("share/foo/new/x", "new"), ("share/foo/same", "same"), ("doc", "→b"));
        world.Install(one);
        var first = world.Tree();
        world.Install(two);
        var second = world.Tree();

        Assert.Equal("#!2", world.Read("bin/foo"));
        Assert.False(world.Exists("share/foo/old"));
        Assert.Equal("new", world.Read("share/foo/new/x"));

        Assert.Equal(3, world.Rollback(1).Number);
        Assert.Equal(first, world.Tree());
        Assert.Equal(1, world.Root.Current!.RestoredFrom);
        world.Rollback(2);
        Assert.Equal(second, world.Tree());
        world.Install();
        Assert.Empty(world.Tree());
        world.Rollback(3);
        Assert.Equal(first, world.Tree());
    }

    [Fact]
    public void A_deep_tree_is_emptied_by_several_threads_children_before_parents()
    {
        // Fewer directories on each level than make work for all, but for the deepest.
        (string, string)[] files = [.. Enumerable.Range(0, 600).Select(i => ($"opt/app/lib/s{i % 4}/d{i % 48 / 4}/{i}", $"{i}"))];
        using var world = new World();
        var package = world.Save("foo", "1", files);

        for (var round = 0; round < 10; round++)
        {
            world.Install(package);
            world.Install();

            Assert.Empty(world.Tree());
            Assert.False(Directory.Exists(Path.Join(world.RootPath, "var/lib/pm/saved")));
        }
    }

    [Fact]
    public void Directories_that_were_there_before_stay_when_the_last_package_goes()
    {
        using var world = new World();
        world.Write("bin/mine", "mine");
        Directory.CreateDirectory(Path.Join(world.RootPath, "lib"));
        var before = world.Tree();

        world.Install(world.Save("foo", "1.0", ("bin/foo", "#!x"), ("lib/foo/x", "x"), ("share/x", "x")));
        world.Install();

        Assert.Equal(before, world.Tree());
    }

    [Fact]
    public void Files_are_links_to_the_store_and_configuration_is_not()
    {
        using var world = new World();

        world.Install(world.Save("foo", "1.0", ("bin/foo", "#!foo"), ("etc/foo", "conf")));

        var file = FileStatus.Of(Path.Join(world.RootPath, "bin/foo"))!.Value;
        var conf = FileStatus.Of(Path.Join(world.RootPath, "etc/foo"))!.Value;
        Assert.Equal(2u, file.Links);
        Assert.Equal(1u, conf.Links);
    }

    [Fact]
    public void Doing_nothing_makes_no_generation_and_no_call_that_writes()
    {
        using var world = new World();
        var foo = world.Save("foo", "1.0", ("a", "a"));
        world.Install(foo);
        using var writer = RootWriter.Open(world.Root, world.Store, world.Writer, TestContext.Current.CancellationToken);
        var before = WriteDoor.Count;

        var generation = Transaction.Apply(writer, world.Plan(foo), world.Options(), TestContext.Current.CancellationToken);

        Assert.Equal(1, generation.Number);
        Assert.Equal(before, WriteDoor.Count);
    }

    [Fact]
    public void A_file_becomes_a_directory_and_back()
    {
        using var world = new World();
        var file = world.Save("foo", "1.0", ("a", "file"), ("b/x", "x"), ("c", "→b"));
        var directory = world.Save("foo", "2.0", ("a/x", "in"), ("b", "file"), ("c/y", "y"));
        world.Install(file);
        var first = world.Tree();

        world.Install(directory);

        Assert.Equal("in", world.Read("a/x"));
        Assert.Equal("file", world.Read("b"));
        Assert.Equal("y", world.Read("c/y"));
        Assert.False(world.Exists("b/x"));
        world.Rollback(1);
        Assert.Equal(first, world.Tree());
    }

    [Fact]
    public void Two_packages_may_share_a_file_and_it_goes_with_the_last()
    {
        using var world = new World();
        var a = world.Save("a", "1", ("share/licence", "free"), ("a", "a"));
        var b = world.Save("b", "1", ("share/licence", "free"), ("b", "b"));

        world.Install(a, b);
        world.Install(b);

        Assert.Equal("free", world.Read("share/licence"));
        world.Install();
        Assert.Empty(world.Tree());
    }

    [Theory]
    [InlineData(RootKind.Prefix)]
    [InlineData(RootKind.Application)]
    public void A_failing_script_rolls_everything_back(RootKind kind)
    {
        using var world = new World(kind);
        var one = world.Save("foo", "1.0", ("bin/foo", "#!1"), ("gone", "gone"));
        world.Install(one);
        world.Write("mine", "mine");
        var before = world.Tree();
        var builder = new PackageBuilder(PackageId.Parse("foo@2.0")).AddMeta("meta/bin/post-upgrade", "#!/bin/sh\n"u8.ToArray());
        var two = world.Save(builder, ("bin/foo", "#!2"), ("new/x", "x"));
        var seen = new List<string>();

        var e = Assert.Throws<RolledBackException>(() => world.Apply(_ => world.Plan(two), call =>
        {
            seen.Add($"{call.Moment} {call.Package.Id} {call.Other} {File.ReadAllText(Path.Join(call.ContentPath, "bin/foo"))}");
            throw new StoreException("PM4999", "the script said no");
        }));

        Assert.Equal(["PostUpgrade foo@2.0 1.0 #!2"], seen);
        Assert.Contains("the script said no", e.Message, StringComparison.Ordinal);
        Assert.Equal(before, world.Tree());
        Assert.Equal(1, world.Root.Current!.Number);
        Assert.False(world.Root.NeedsRecovery);
    }

    [Fact]
    public void Being_cancelled_rolls_back()
    {
        using var world = new World();
        using var cancelled = new CancellationTokenSource();
        var builder = new PackageBuilder(PackageId.Parse("foo@1.0")).AddMeta("meta/bin/pre-install", "#!/bin/sh\n"u8.ToArray());
        var foo = world.Save(builder, ("a", "a"), ("b", "b"));

        var e = Assert.Throws<RolledBackException>(
            () => world.Apply(_ => world.Plan(foo), _ => cancelled.Cancel(), cancelled.Token));

        Assert.IsAssignableFrom<OperationCanceledException>(e.InnerException);
        Assert.Empty(world.Tree());
        Assert.Null(world.Root.Current);
    }

    [Fact]
    public void A_plan_made_for_another_generation_is_refused()
    {
        using var world = new World();
        var a = world.Save("a", "1", ("a", "a"));
        var stale = world.Plan(a);
        world.Install(world.Save("b", "1", ("b", "b")));

        var e = Assert.Throws<StoreException>(() => world.Apply(_ => stale));

        Assert.Equal("PM4015", e.Code);
    }

    [Fact]
    public void A_file_that_was_edited_after_the_plan_makes_it_roll_back()
    {
        using var world = new World();
        world.Install(world.Save("foo", "1", ("etc/c", "one"), ("x", "x")));
        var two = world.Save("foo", "2", ("etc/c", "two"), ("x", "y"));

        var e = Assert.Throws<RolledBackException>(() => world.Apply(_ =>
        {
            var plan = world.Plan(two);
            world.Write("etc/c", "edited meanwhile");
            return plan;
        }));

        Assert.Equal("PM4015", Assert.IsType<StoreException>(e.InnerException).Code);
        Assert.Equal("edited meanwhile", world.Read("etc/c"));
        Assert.Equal("x", world.Read("x"));
    }

    [Fact]
    public void Only_recording_something_else_makes_a_generation_and_touches_no_file()
    {
        using var world = new World();
        var foo = world.Save("foo", "1", ("x", "x"));
        world.Install(foo);

        var generation = world.Apply(_ => Planner.Plan(world.Root, world.Store, [World.Asked(foo) with { IsPinned = true }]));

        Assert.Equal(2, generation.Number);
        Assert.True(world.Root.Current!.Packages[0].IsPinned);
        Assert.Equal("x", world.Read("x"));
    }

    [Fact]
    public void A_mode_that_no_link_can_have_makes_a_copy()
    {
        using var world = new World();
        var builder = new PackageBuilder(PackageId.Parse("foo@1")) { KeepsSetId = true };
        world.Add(builder, "bin/su", "#!su", 0b100_111_101_101);
        world.Add(builder, "key", "secret", 0b110_000_000);

        world.Install(world.Save(builder));

        Assert.Equal("f 4755 #!su", world.Tree()["bin/su"]);
        Assert.Equal("f 0600 secret", world.Tree()["key"]);
    }

    [Fact]
    public void A_blob_the_store_lacks_is_named_and_nothing_changes()
    {
        using var world = new World();
        var foo = world.Save("foo", "1", ("a", "a"), ("b", "b"));
        world.Store.Sync();
        File.Delete(world.Store.BlobPath(new BlobName(foo.Entries[1].Root, false)));

        var e = Assert.Throws<RolledBackException>(() => world.Install(foo));

        Assert.Equal("PM4003", Assert.IsType<StoreException>(e.InnerException).Code);
        Assert.Contains("`b`", e.Message, StringComparison.Ordinal);
        Assert.Empty(world.Tree());
    }

    [Fact]
    public void Directories_of_somebody_in_an_application_are_no_more_open_after_a_change()
    {
        using var world = new World(RootKind.Application);
        world.Install(world.Save("foo", "1", ("a", "1"), ("lib/foo/x", "x")));
        CarriedDirectories.Make(world);
        world.Write("lib/foo/mine", "mine");
        new DirectoryInfo(Path.Join(world.Root.ContentPath, "lib/foo")).UnixFileMode =
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

        world.Install(world.Save("foo", "2", ("a", "2")));

        CarriedDirectories.AssertAlike(world);
        Assert.Equal("mine", world.Read("lib/foo/mine"));
        // The package's own once; now it is there for what is not.
        Assert.Equal(0b111_000_000, FileStatus.Of(Path.Join(world.Root.ContentPath, "lib/foo"))!.Value.Mode);
    }
}
