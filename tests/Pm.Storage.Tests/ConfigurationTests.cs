using Pm.Linux;
using Xunit;

namespace Pm.Storage.Tests;

/// <summary>The three-way rule, for both kinds of root.</summary>
public sealed class ConfigurationTests
{
    [Theory]
    [InlineData(RootKind.Prefix, false, "2", "2", null, ConfigurationOutcome.Replaced)]
    [InlineData(RootKind.Prefix, true, "2", "mine", "2", ConfigurationOutcome.KeptNewBeside)]
    [InlineData(RootKind.Application, false, "2", "2", null, ConfigurationOutcome.Replaced)]
    [InlineData(RootKind.Application, true, "2", "mine", "2", ConfigurationOutcome.KeptNewBeside)]
    public void At_an_update(RootKind kind, bool isEdited, string next, string there, string? beside, ConfigurationOutcome outcome)
    {
        using var world = new World(kind);
        world.Install(world.Save("foo", "1", ("etc/c", "1"), ("x", "1")));
        Edit(world, isEdited);
        var two = world.Save("foo", "2", ("etc/c", next), ("x", "2"));

        var plan = world.Plan(two);
        world.Apply(_ => plan);

        Assert.Equal(outcome, Assert.Single(plan.Configuration).Outcome);
        Assert.Equal(there, world.Read("etc/c"));
        Assert.Equal(beside, world.Exists("etc/c.pm-new") ? world.Read("etc/c.pm-new") : null);
    }

    [Theory]
    [InlineData(RootKind.Prefix)]
    [InlineData(RootKind.Application)]
    public void An_edited_file_stays_when_the_new_version_is_the_one_that_was_edited(RootKind kind)
    {
        using var world = new World(kind);
        world.Install(world.Save("foo", "1", ("etc/c", "1"), ("x", "1")));
        Edit(world, true);

        world.Install(world.Save("foo", "2", ("etc/c", "1"), ("x", "2")));

        Assert.Equal("mine", world.Read("etc/c"));
        Assert.False(world.Exists("etc/c.pm-new"));
    }

    [Theory]
    [InlineData(RootKind.Prefix)]
    [InlineData(RootKind.Application)]
    public void At_a_rollback_an_edited_file_stays_and_the_old_version_is_put_beside(RootKind kind)
    {
        using var world = new World(kind);
        world.Install(world.Save("foo", "1", ("etc/c", "1"), ("etc/d", "1")));
        world.Install(world.Save("foo", "2", ("etc/c", "2"), ("etc/d", "2")));
        Edit(world, true);

        world.Rollback(1);

        Assert.Equal("mine", world.Read("etc/c"));
        Assert.Equal("1", world.Read("etc/c.pm-new"));
        Assert.Equal("1", world.Read("etc/d"));
    }

    [Theory]
    [InlineData(RootKind.Prefix)]
    [InlineData(RootKind.Application)]
    public void At_a_removal_an_edited_file_stays_and_an_unedited_one_goes(RootKind kind)
    {
        using var world = new World(kind);
        world.Install(world.Save("foo", "1", ("etc/c", "1"), ("etc/foo/d", "1"), ("bin/foo", "#!foo")));
        Edit(world, true);

        var plan = world.Plan();
        world.Apply(_ => plan);

        Assert.Equal(ConfigurationOutcome.KeptAtRemoval, Assert.Single(plan.Configuration).Outcome);
        Assert.Equal(["etc d 0755", "etc/c f 0644 mine"], world.Tree().Select(p => $"{p.Key} {p.Value}"));
    }

    [Fact]
    public void An_edited_file_that_stayed_is_taken_over_when_the_package_comes_back()
    {
        using var world = new World();
        var foo = world.Save("foo", "1", ("etc/c", "1"));
        world.Install(foo);
        Edit(world, true);
        world.Install();

        world.Install(foo);

        Assert.Equal("mine", world.Read("etc/c"));
        Assert.Equal("1", world.Read("etc/c.pm-new"));
        world.Install();
        Assert.Equal("mine", world.Read("etc/c"));
        Assert.False(world.Exists("etc/c.pm-new"));
    }

    [Fact]
    public void The_new_version_beside_is_renewed_and_an_edited_one_is_not_overwritten()
    {
        using var world = new World();
        world.Install(world.Save("foo", "1", ("etc/c", "1")));
        Edit(world, true);
        world.Install(world.Save("foo", "2", ("etc/c", "2")));
        world.Install(world.Save("foo", "3", ("etc/c", "3")));
        Assert.Equal("3", world.Read("etc/c.pm-new"));
        world.Write("etc/c.pm-new", "notes");

        world.Install(world.Save("foo", "4", ("etc/c", "4")));

        Assert.Equal("notes", world.Read("etc/c.pm-new"));
        Assert.Equal("4", world.Read("etc/c.pm-new.2"));
        Assert.Equal("mine", world.Read("etc/c"));
    }

    [Fact]
    public void A_file_edited_into_the_new_version_is_simply_that()
    {
        using var world = new World();
        world.Install(world.Save("foo", "1", ("etc/c", "1")));
        world.Write("etc/c", "2");

        world.Install(world.Save("foo", "2", ("etc/c", "2")));

        Assert.Equal("2", world.Read("etc/c"));
        Assert.False(world.Exists("etc/c.pm-new"));
        Assert.Empty(Verification.Verify(world.Root, world.Store, new VerificationOptions()).Findings);
    }

    [Fact]
    public void A_file_that_somebody_removed_stays_away_until_there_is_a_new_version()
    {
        using var world = new World();
        world.Install(world.Save("foo", "1", ("etc/c", "1"), ("x", "1")));
        File.Delete(Path.Join(world.RootPath, "etc/c"));

        world.Install(world.Save("foo", "2", ("etc/c", "1"), ("x", "2")));
        Assert.False(world.Exists("etc/c"));

        world.Install(world.Save("foo", "3", ("etc/c", "3"), ("x", "2")));
        Assert.Equal("3", world.Read("etc/c"));
    }

    [Theory]
    [InlineData(RootKind.Prefix)]
    [InlineData(RootKind.Application)]
    public void A_program_that_somebody_changed_is_saved_beside_when_it_is_replaced_or_removed(RootKind kind)
    {
        using var world = new World(kind);
        world.Install(world.Save("foo", "1", ("bin/foo", "#!1"), ("bin/bar", "#!1")));
        world.Replace("bin/foo", "patched");
        world.Replace("bin/bar", "patched too");

        var plan = world.Plan(world.Save("foo", "2", ("bin/foo", "#!2")));
        world.Apply(_ => plan);

        Assert.Equal(
            [new SavedFile("bin/bar", "bin/bar.pm-save"), new SavedFile("bin/foo", "bin/foo.pm-save")],
            plan.Saved.OrderBy(s => s.Path, StringComparer.Ordinal));
        Assert.Equal("#!2", world.Read("bin/foo"));
        Assert.Equal("patched", world.Read("bin/foo.pm-save"));
        Assert.Equal("patched too", world.Read("bin/bar.pm-save"));
        Assert.False(world.Exists("bin/bar"));
    }

    [Fact]
    public void An_edit_in_place_through_the_link_is_noticed_and_saved()
    {
        using var world = new World();
        world.Install(world.Save("foo", "1", ("bin/foo", "#!1")));
        var path = Path.Join(world.RootPath, "bin/foo");
        using (var parent = DirectoryHandle.Open(Path.GetDirectoryName(path)!))
        {
            parent.SetMode("foo", 0b111_101_101);
        }
        File.WriteAllText(path, "#!edited in place");

        world.Install(world.Save("foo", "2", ("bin/foo", "#!2")));

        Assert.Equal("#!edited in place", world.Read("bin/foo.pm-save"));
        Assert.Equal("#!2", world.Read("bin/foo"));
    }

    static void Edit(World world, bool isEdited)
    {
        if (isEdited)
        {
            world.Write("etc/c", "mine");
        }
    }
}
