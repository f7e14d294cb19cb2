using System.Text;
using Pm.Packages;

namespace Pm.Storage.Tests;

/// <summary>One change of a small root that has everything in it: links, copies, directories, configuration, what a user did.</summary>
sealed record Scenario(string Name, Action<World> Prepare, Action<World> Act)
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("install", Foreign, w => w.Install(One(w), Other(w))),
        new("update", w => { Foreign(w); w.Install(One(w), Other(w)); Edit(w); }, w => w.Install(Two(w), Other(w))),
        new("remove", w => { Foreign(w); w.Install(One(w), Other(w)); Edit(w); }, w => w.Install(Other(w))),
        new("rollback", w => { Foreign(w); w.Install(One(w)); w.Install(Two(w), Other(w)); Edit(w); }, w => w.Rollback(1)),
        new("record", w => w.Install(One(w)), w => w.Apply(_ =>
            Planner.Plan(w.Root, w.Store, [World.Asked(One(w)) with { IsPinned = true }]))),
        new("gc", w => { w.Install(One(w)); w.Install(Two(w)); w.Install(Other(w)); }, w => Collect(w)),
    ];

    public static Scenario Named(string name) => All.Single(s => s.Name == name);

    public static Package One(World world) => world.Save(
        new PackageBuilder(PackageId.Parse("foo@1.0")).AddDirectory("share/empty", 0b111_101_000),
        ("bin/foo", "#!one"), ("etc/foo.conf", "a=1\n"), ("etc/foo.more", "b=1\n"), ("lib/foo/deep/er/x", "x"), ("lib/foo/deep/y", "y"),
        ("lib/foo/gone", "gone"), ("lib/same", "same"), ("swap", "file"), ("turn/in", "in"), ("link", "→bin/foo"),
        ("share/common", "common"));

    public static Package Two(World world) => world.Save(
        new PackageBuilder(PackageId.Parse("foo@2.0")).AddDirectory("share/empty", 0b111_101_101),
        ("bin/foo", "#!two"), ("bin/bar", "#!bar"), ("etc/foo.conf", "a=2\n"), ("etc/foo.more", "b=2\n"), ("lib/same", "same"),
        ("swap/now/a", "directory"), ("turn", "file"), ("link", "→bin/bar"), ("new/tree/a", "a"), ("new/tree/b", "b"),
        ("share/common", "common"));

    public static Package Other(World world) => world.Save(
        "other", "1", ("share/other/a", "a"), ("share/common", "common"), ("bin/other", "#!other"));

    public static CollectionPlan Collect(World world) => GarbageCollection.Run(
        world.Store, new KeepRules { Generations = 1, Age = TimeSpan.Zero, Now = World.Start }, world.Writer);

    static void Foreign(World world)
    {
        if (world.Root.Kind is RootKind.Prefix)
        {
            world.Write("bin/mine", "mine");
            world.Write("lib/notes", "notes");
        }
    }

    /// <summary>An edited configuration file, an edited program, something untracked inside a package's directory.</summary>
    static void Edit(World world)
    {
        world.Write("etc/foo.conf", "a=edited\n");
        world.Replace("bin/foo", "#!patched");
        world.Write("lib/foo/deep/untracked", "untracked");
    }

    public override string ToString() => Name;

    bool PrintMembers(StringBuilder builder) => builder.Append(Name) is not null;
}
