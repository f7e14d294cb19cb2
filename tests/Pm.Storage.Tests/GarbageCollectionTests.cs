using Pm.Blobs;
using Pm.Linux;
using Xunit;

namespace Pm.Storage.Tests;

public sealed class GarbageCollectionTests
{
    static readonly KeepRules Strict = new() { Generations = 1, Age = TimeSpan.Zero, Now = World.Start };

    [Theory]
    [InlineData(RootKind.Prefix)]
    [InlineData(RootKind.Application)]
    public void What_no_kept_generation_needs_goes_and_the_rest_stays(RootKind kind)
    {
        using var world = new World(kind);
        var one = world.Save("foo", "1", ("a", "only one"), ("b", "both"));
        var two = world.Save("foo", "2", ("a", "only two"), ("b", "both"));
        world.Install(one);
        world.Install(two);
        var tree = world.Tree();
        var fetched = world.Put("fetched and never used");
        world.Store.Sync();

        var planned = GarbageCollection.Plan(world.Store, Strict);
        var done = Collect(world, Strict);

        Assert.Equal([1], planned.Generations.Select(g => g.Number));
        Assert.Equal([one.Hash], planned.Packages);
        Assert.Equal(planned.Blobs.Order(ByName), done.Blobs.Order(ByName));
        Assert.False(world.Store.Has(fetched));
        Assert.False(world.Store.Has(MerkleRoot.Of("only one"u8)));
        Assert.True(world.Store.Has(MerkleRoot.Of("both"u8)));
        Assert.True(done.FreedBytes > 0);
        Assert.True(done.Roots.Single().FreedBytes > 0);
        Assert.Equal([2], world.Root.GenerationNumbers());
        Assert.Equal(tree, world.Tree());
        Assert.True(Verification.Verify(world.Root, world.Store, new VerificationOptions()).IsClean);
        Assert.True(Collect(world, Strict).IsEmpty);
    }

    [Theory]
    [InlineData(RootKind.Prefix)]
    [InlineData(RootKind.Application)]
    public void Of_a_root_that_is_being_changed_everything_stays(RootKind kind)
    {
        using var world = new World(kind);
        var one = world.Save("foo", "1", ("a", "only one"));
        world.Install(one);
        world.Install(world.Save("foo", "2", ("a", "only two")));
        CollectionPlan done;
        using (FileLock.TryExclusive(Path.Join(world.RootPath, "var/lib/pm/lock"), "pm install"))
        {
            done = Collect(world, Strict);
        }

        Assert.True(done.IsEmpty);
        Assert.Equal("it is being changed", done.Roots.Single().Note);
        Assert.Equal([1, 2], world.Root.GenerationNumbers().Order());
        Assert.NotNull(world.Store.Find(one.Hash));
        Assert.Equal([1], Collect(world, Strict).Generations.Select(g => g.Number));
    }

    [Fact]
    public void Of_a_root_that_waits_for_a_look_at_what_was_there_everything_stays_while_nobody_can_look()
    {
        using var world = DetachedRemovalTests.Removed(world => world.Write("mine", "mine"));
        using (FileLock.TryExclusive(Path.Join(world.RootPath, "var/lib/pm/lock"), "pm install"))
        {
            Assert.True(Collect(world, Strict).IsEmpty);
        }

        Assert.False(Collect(world, Strict).IsEmpty);
        Assert.Equal("mine", world.Read("mine"));
    }

    [Fact]
    public void A_generation_goes_only_when_it_is_neither_recent_nor_young_nor_pinned_nor_current()
    {
        using var world = new World();
        for (var i = 1; i <= 6; i++)
        {
            world.Install(world.Save("foo", $"{i}", ("a", $"{i}")));
        }
        world.Root.Pin(2, true);
        var old = World.Start + TimeSpan.FromDays(40);

        int[] Goes(int last, double days, DateTimeOffset now) => [.. GarbageCollection.Plan(world.Store, new KeepRules
        {
            Generations = last,
            Age = TimeSpan.FromDays(days),
            Now = now,
        }).Generations.Select(g => g.Number)];

        Assert.Equal([], Goes(1, 30, World.Start));
        Assert.Equal([1, 3, 4, 5], Goes(1, 30, old));
        Assert.Equal([1, 3], Goes(3, 30, old));
        Assert.Equal([], Goes(3, 50, old));
        Assert.Equal([1, 3, 4, 5], Goes(0, 0, old));
        world.Root.Pin(2, false);
        Assert.Equal([1, 2, 3, 4, 5], Goes(0, 0, old));
    }

    [Fact]
    public void A_root_that_cannot_be_reached_keeps_what_it_was_known_to_need_and_is_told()
    {
        using var world = new World();
        var foo = world.Save("foo", "1", ("a", "a"));
        world.Install(foo);
        Directory.Move(world.RootPath, world.RootPath + ".unplugged");

        var plan = Collect(world, Strict);

        Assert.False(Assert.Single(plan.Roots).IsReachable);
        Assert.True(world.Store.Has(MerkleRoot.Of("a"u8)));
        Directory.Move(world.RootPath + ".unplugged", world.RootPath);
        world.Reopen();
        Assert.True(Verification.Verify(world.Root, world.Store, new VerificationOptions()).IsClean);
        world.Rollback(1);
    }

    [Fact]
    public void Why_names_the_root_the_generation_and_the_file()
    {
        using var world = new World();
        var foo = world.Save("foo", "1", ("share/a", "a"));
        world.Install(foo);

        Assert.Equal([$"{world.RootPath}: generation 1 (current)"], GarbageCollection.Why(world.Store, foo.Hash, Strict));
        Assert.Equal(
            [$"share/a of foo@1, {world.RootPath}: generation 1 (current)"],
            GarbageCollection.Why(world.Store, MerkleRoot.Of("a"u8), Strict));
        Assert.Empty(GarbageCollection.Why(world.Store, MerkleRoot.Of("b"u8), Strict));
    }

    [Fact]
    public void What_the_caller_says_is_needed_stays()
    {
        using var world = new World();
        var foo = world.Save("foo", "1", ("a", "a"));
        world.Store.Sync();
        var rules = Strict with { Needed = Strict.Needed.Add(foo.Hash, "unit web") };

        Assert.True(Collect(world, rules).IsEmpty);
        Assert.Equal(["unit web"], GarbageCollection.Why(world.Store, foo.Hash, rules));
        Assert.Equal(2, Collect(world, Strict) is var plan ? plan.Packages.Length + plan.Blobs.Length : 0);
    }

    [Fact]
    public void A_needed_package_that_cannot_be_read_stops_the_collection()
    {
        using var world = new World();
        var foo = world.Save("foo", "1", ("a", "a"));
        world.Install(foo);
        var bar = world.Put("garbage");
        world.Store.Sync();
        Directory.Delete(Path.Join(world.StorePath, "packages", foo.Hash.ToString()), true);

        var e = Assert.Throws<StoreException>(() => Collect(world, Strict));

        Assert.Equal("PM4040", e.Code);
        Assert.True(world.Store.Has(bar));
    }

    [Fact]
    public void An_expanded_package_stays_while_it_is_used()
    {
        using var world = new World();
        var foo = world.Save("foo", "1", ("bin/foo", "#!foo"), ("lib/a", "a"));

        string path;
        using (var use = PackageTrees.Use(world.Store, foo, "pm run"))
        {
            path = use.Path;
            using var again = PackageTrees.Use(world.Store, foo, "pm run");
            Assert.Equal(path, again.Path);
            Assert.Equal("#!foo", File.ReadAllText(Path.Join(path, "bin/foo")));
            Collect(world, Strict);
            Assert.True(Directory.Exists(path));
        }
        Collect(world, Strict);

        Assert.False(Directory.Exists(path));
        Assert.Empty(Directory.GetFileSystemEntries(Path.Join(world.StorePath, "trees")));
    }

    [Fact]
    public void An_interrupted_change_keeps_what_it_needs()
    {
        using var world = new World();
        var one = world.Save("foo", "1", ("a", "1"));
        world.Install(one);
        var two = world.Save("foo", "2", ("a", "2"));
        var fault = WriteFault.Parse("eio@12+", world.RootPath);
        WriteDoor.Fault = fault;
        try
        {
            Assert.ThrowsAny<Exception>(() => world.Install(two));
        }
        finally
        {
            WriteDoor.Fault = null;
        }
        Assert.True(fault.HasStruck && world.Root.NeedsRecovery);
        world.Reopen();

        Collect(world, Strict);

        Assert.True(world.Store.Contains(two.Hash));
        world.Install(two);
        Assert.Equal("2", world.Read("a"));
    }

    [Fact]
    public void Nobody_collects_while_the_store_is_used_and_the_holder_is_named()
    {
        using var world = new World();
        using var share = world.Store.Share(world.Writer with { Holder = "pm install big" });

        var e = Assert.Throws<LockBusyException>(() => Collect(world, Strict));

        Assert.Contains("pm install big", e.Message, StringComparison.Ordinal);
        Assert.Contains($"{Environment.ProcessId}", e.Message, StringComparison.Ordinal);
    }

    static readonly Comparer<BlobName> ByName = Comparer<BlobName>.Create((a, b) => string.CompareOrdinal(a.File, b.File));

    static CollectionPlan Collect(World world, KeepRules rules) => GarbageCollection.Run(world.Store, rules, world.Writer);
}
