using System.Globalization;
using Pm.Linux;
using Pm.Packages;
using Xunit;

namespace Pm.Storage.Tests;

/// <summary>A large application goes without a look at its files; what is not pm's is taken over by whoever comes next.</summary>
public sealed class DetachedRemovalTests
{
    internal const int Files = 1500;

    [Fact]
    public void What_somebody_put_or_edited_is_back_after_the_next_writer()
    {
        using var world = Removed(world =>
        {
            world.Write("lib/d3/mine", "mine");
            world.Edit("lib/d7/7", "edited");
            world.Write("etc/c", "configured");
        });
        Assert.Empty(world.Tree());

        world.Install();

        Assert.Equal(["etc/c", "lib/d3/mine", "lib/d7/7.pm-save"], FilesOf(world));
        Assert.Equal("edited", world.Read("lib/d7/7.pm-save"));
        Assert.Equal("configured", world.Read("etc/c"));
    }

    [Fact]
    public void Nothing_is_left_and_nothing_told_when_nobody_changed_anything()
    {
        using var world = Removed(_ => { });

        world.Reopen();
        Assert.True(world.Root.IsDetached);
        Assert.False(world.Root.NeedsRecovery);
        using (var writer = RootWriter.Open(world.Root, world.Store, world.Writer))
        {
            Assert.Null(writer.Recovered);
        }

        Assert.False(world.Root.IsDetached);
        Assert.Empty(world.Tree());
    }

    [Fact]
    public void What_was_put_there_since_stays_and_the_other_is_kept_beside()
    {
        using var world = Removed(world =>
        {
            world.Write("data", "old");
            world.Write("private/data", "old");
            world.Write("turned/data", "old");
            world.Edit("lib/d7/7", "edited");
        });
        world.Write("data", "new");

        world.Write("private/data", "new");
        world.Write("turned", "now a file");
        world.Write("lib/d7/7.pm-save", "new");

        using (var writer = RootWriter.Open(world.Root, world.Store, world.Writer))
        {
            Assert.Equal(RecoveryOutcome.TakenOver, writer.Recovered?.Outcome);
            Assert.Equal(
                [
                    "`data`: something else has its name by now; kept as `data.pm-save.1`",
                    "`lib/d7/7`: was edited; kept as `lib/d7/7.pm-save.pm-save.1`",
                    "`private/data`: something else has its name by now; kept as `private/data.pm-save.1`",
                    "`turned/data`: something else has its name by now; kept as `turned!data.pm-save.1`",
                ],
                writer.Recovered?.Notes.Order(StringComparer.Ordinal));
        }

        Assert.Equal("new", world.Read("data"));
        Assert.Equal("old", world.Read("data.pm-save.1"));
        Assert.Equal("old", world.Read("private/data.pm-save.1"));
        Assert.Equal("edited", world.Read("lib/d7/7.pm-save.pm-save.1"));
        Assert.Equal("old", world.Read("turned!data.pm-save.1"));
    }

    [Fact]
    public void What_is_gone_while_it_is_taken_over_hinders_nothing()
    {
        using var world = Removed(world =>
        {
            world.Write("lib/d3/mine", "mine");
            world.Write("work/passing", "");
            Directory.CreateDirectory(Path.Join(world.Root.ContentPath, "work/passing too"));
        });
        var work = Path.Join(world.Root.StatePath, "trees/1/work");

        var report = Traced("mkdir", () => Directory.Delete(work, recursive: true), () => Mended(world));

        Assert.False(Directory.Exists(work));
        Assert.Equal(["`current`: 1 file is below it again"], report?.Notes);
        Assert.Equal(["lib/d3/mine"], FilesOf(world));
        Assert.False(world.Root.IsDetached);
    }

    [Fact]
    public void A_program_that_makes_and_removes_directories_all_the_time_hinders_nothing()
    {
        using var world = Removed(world => world.Write("work/mine", "mine"));
        var work = Path.Join(world.Root.StatePath, "trees/1/work");
        var journal = File.ReadAllText(Path.Join(world.Root.StatePath, "journal"));
        var isOver = false;
        var program = new Thread(() =>
        {
            while (!Volatile.Read(ref isOver))
            {
                foreach (var name in Enumerable.Range(0, 40).Select(i => Path.Join(work, $"passing {i}")))
                {
                    Directory.CreateDirectory(Path.Join(name, "inner"));
                }
                foreach (var name in Enumerable.Range(0, 40).Select(i => Path.Join(work, $"passing {i}")))
                {
                    Directory.Delete(name, recursive: true);
                }
            }
        });
        program.Start();
        try
        {
            for (var i = 0; i < 20; i++)
            {
                File.WriteAllText(Path.Join(world.Root.StatePath, "journal"), journal);

                Assert.Equal(["`current`: 1 file is below it again"], Mended(world)?.Notes);
            }
        }
        finally
        {
            Volatile.Write(ref isOver, true);
            program.Join();
        }
        Assert.Equal(["work/mine"], FilesOf(world));
    }

    [Theory]
    [InlineData(Errno.EPERM)]
    [InlineData(Errno.EACCES)]
    [InlineData(Errno.EXDEV)]
    [InlineData(Errno.EMLINK)]
    public void Where_the_kernel_refuses_a_name_the_whole_tree_is_kept_and_the_root_goes_on(int errno)
    {
        using var world = Removed(world => world.Write("lib/d3/mine", "mine"));
        RecoveryReport? report;
        WriteDoor.Fault = new WriteFault
        {
            Kind = WriteFaultKind.Fail,
            At = 1,
            IsSticky = true,
            Errno = errno,
            Call = "link",
            Beneath = world.RootPath,
        };
        try
        {
            report = Mended(world);
        }
        finally
        {
            WriteDoor.Fault = null;
        }

        AssertKept(world, report, $"trees/1/lib/d3/mine to {world.Root.StatePath}/trees/2/lib/d3/mine: ");
    }

    [Theory]
    [InlineData(Errno.ENOSPC)]
    [InlineData(Errno.EDQUOT)]
    public void Where_there_is_no_room_it_is_tried_again(int errno)
    {
        using var world = Removed(world => world.Write("lib/d3/mine", "mine"));
        WriteDoor.Fault = new WriteFault { Kind = WriteFaultKind.Fail, At = 1, IsSticky = true, Errno = errno, Beneath = world.RootPath };
        try
        {
            Assert.Equal(errno, Assert.Throws<SystemCallException>(() => Mended(world)).Errno);
        }
        finally
        {
            WriteDoor.Fault = null;
        }

        Assert.Equal(RecoveryOutcome.TakenOver, Mended(world)?.Outcome);
        Assert.Equal("mine", world.Read("lib/d3/mine"));
    }

    [Fact]
    public void A_name_that_is_too_long_beside_another_is_no_end()
    {
        var name = new string('n', 250);
        using var world = Removed(world =>
        {
            world.Write(name, "old");
            world.Write("lib/d3/mine", "mine");
        });
        world.Write(name, "new");

        var report = Mended(world);

        AssertKept(world, report, name, taken: "new");
        Assert.Equal("old", File.ReadAllText(Path.Join(world.Root.StatePath, "saved/2/current", name)));
        Assert.Equal("new", world.Read(name));
    }

    [Fact]
    public void A_directory_that_becomes_a_link_while_it_is_taken_over_is_no_end()
    {
        using var world = Removed(world =>
        {
            world.Write("data/mine", "mine");
            world.Write("lib/d3/mine", "mine");
        });
        var tree = Path.Join(world.Root.StatePath, "trees/1");

        var report = Traced("mkdir", Swap, () => Mended(world));

        AssertKept(world, report, "trees/1/");

        void Swap()
        {
            foreach (var name in new[] { "data", "lib/d3" })
            {
                Directory.Move(Path.Join(tree, name), Path.Join(tree, name + ".away"));
                File.CreateSymbolicLink(Path.Join(tree, name), Path.GetFileName(name) + ".away");
            }
        }
    }

    [Fact]
    public void A_directory_that_may_not_be_read_is_kept_with_the_tree()
    {
        Assert.SkipWhen(SystemUser.IsRoot, "a super-user may read all");
        using var world = Removed(world => world.Write("lib/d3/mine", "mine"));
        var closed = Directory.CreateDirectory(Path.Join(world.Root.StatePath, "trees/1/closed"));
        closed.UnixFileMode = UnixFileMode.None;

        AssertKept(world, Mended(world), "trees/1/closed: ");
    }

    [Fact]
    public void What_is_mounted_in_the_tree_is_kept_with_it()
    {
        Assert.SkipUnless(SystemUser.IsRoot, "only a super-user mounts");
        using var world = Removed(world =>
        {
            world.Write("lib/d3/mine", "mine");
            Directory.CreateDirectory(Path.Join(world.Root.ContentPath, "data"));
        });
        var state = world.Root.StatePath;
        Assert.SkipUnless(Run("mount", "-t", "tmpfs", "none", Path.Join(state, "trees/1/data")), "mounting is not allowed here");
        try
        {
            File.WriteAllText(Path.Join(state, "trees/1/data/precious"), "kept");

            AssertKept(world, Mended(world), "trees/1/data: something is mounted there");

            Assert.Equal("kept", File.ReadAllText(Path.Join(state, "saved/2/current/data/precious")));
        }
        finally
        {
            _ = Run("umount", Path.Join(state, "trees/1/data")) || Run("umount", Path.Join(state, "saved/2/current/data"));
        }
    }

    [Fact]
    public void A_file_that_nobody_may_link_is_kept_with_the_tree()
    {
        Assert.SkipUnless(SystemUser.IsRoot, "only a super-user makes a file immutable");
        using var world = Removed(world => world.Write("lib/d3/mine", "mine"), Path.GetTempPath());
        var mine = Path.Join(world.Root.StatePath, "trees/1/lib/d3/mine");
        Assert.SkipUnless(Run("chattr", "+i", mine), "this file system has no immutable files");
        try
        {
            AssertKept(world, Mended(world), mine);
        }
        finally
        {
            _ = Run("chattr", "-i", mine) || Run("chattr", "-i", Path.Join(world.Root.StatePath, "saved/2/current/lib/d3/mine"));
        }
    }

    [Fact]
    public void Directories_that_are_made_again_are_no_more_open_than_they_were()
    {
        using var world = Removed(CarriedDirectories.Make);

        Mended(world);

        CarriedDirectories.AssertAlike(world);
    }

    [Fact]
    public void An_interrupted_making_of_directories_is_gone_on_with()
    {
        for (var (at, hasStruck) = (1, true); hasStruck || at < 10; at += 3)
        {
            using var world = Removed(CarriedDirectories.Make);
            var fault = WriteFault.Parse($"enospc@{at}", world.RootPath);
            WriteDoor.Fault = fault;
            try
            {
                Mended(world);
            }
            catch (SystemCallException)
            {
            }
            finally
            {
                WriteDoor.Fault = null;
            }
            hasStruck = fault.HasStruck;

            Mended(world);

            CarriedDirectories.AssertAlike(world);
        }
    }

    [Fact]
    public void Interrupted_while_it_takes_over_it_does_the_same_again()
    {
        using var world = Removed(world => world.Write("lib/d3/mine", "mine"));
        var journal = Path.Join(world.RootPath, "var/lib/pm/journal");
        var text = File.ReadAllText(journal);
        world.Install();
        var once = world.Tree();

        // As if the journal's removal had not come to the disk.
        File.WriteAllText(journal, text);
        RootWriter.Open(world.Root, world.Store, world.Writer).Dispose();

        Assert.Equal(once, world.Tree());
    }

    [Fact]
    public void The_generation_before_comes_back_with_what_was_put_there()
    {
        using var world = Removed(world => world.Write("lib/d3/mine", "mine"));

        world.Rollback(1);

        Assert.Equal("mine", world.Read("lib/d3/mine"));
        Assert.Equal(Files + 2, FilesOf(world).Count());
    }

    [Fact]
    public void A_collection_takes_over_before_it_takes_the_tree_away()
    {
        using var world = Removed(world => world.Write("lib/d3/mine", "mine"));
        var notes = new List<string>();

        GarbageCollection.Run(
            world.Store, new KeepRules { Now = World.Start + TimeSpan.FromDays(400), Generations = 1, Age = TimeSpan.Zero }, world.Writer,
            note: notes.Add);

        Assert.StartsWith($"{world.RootPath}: all packages of generation 1 were removed", Assert.Single(notes), StringComparison.Ordinal);
        Assert.Equal(["lib/d3/mine"], FilesOf(world));
        Assert.Equal([2], world.Root.GenerationNumbers());
        Assert.Equal(["2"], Directory.EnumerateDirectories(Path.Join(world.RootPath, "var/lib/pm/trees")).Select(Path.GetFileName));
    }

    [Fact]
    public void What_was_put_there_since_is_kept_when_somebody_took_the_link_away()
    {
        using var world = Removed(_ => { });
        world.Write("new", "new");
        File.Delete(Path.Join(world.RootPath, "current"));

        using (var writer = RootWriter.Open(world.Root, world.Store, world.Writer))
        {
            Assert.Equal(RecoveryOutcome.Undone, writer.Recovered?.Outcome);
            Assert.Equal(["`current`: kept as var/lib/pm/saved/2/current"], writer.Recovered?.Notes);
        }

        Assert.Equal("new", File.ReadAllText(Path.Join(world.Root.StatePath, "saved/2/current/new")));
        Assert.False(world.Root.NeedsRecovery);
        Assert.Equal(1, world.Root.Current?.Number);
        Assert.Equal(Files + 1, FilesOf(world).Count());
    }

    [Fact]
    public void A_package_that_cannot_be_read_any_more_hinders_nothing()
    {
        using var world = Removed(world => world.Write("lib/d3/mine", "mine"));
        Directory.Delete(Path.Join(world.StorePath, "packages"), recursive: true);
        world.Reopen();

        RootWriter.Open(world.Root, world.Store, world.Writer).Dispose();

        Assert.Contains("lib/d3/mine", FilesOf(world));
        Assert.DoesNotContain("lib/d3/1", FilesOf(world));
    }

    internal static IEnumerable<string> FilesOf(World world) =>
        world.Tree().Where(p => !p.Value.StartsWith("d ", StringComparison.Ordinal)).Select(p => p.Key);

    /// <summary>The root can be changed again, what somebody had is below <c>saved</c> as a whole, and the way back is open.</summary>
    static void AssertKept(World world, RecoveryReport? report, string reason, string? taken = null)
    {
        Assert.Equal(RecoveryOutcome.TakenOver, report?.Outcome);
        var (why, where) = (report!.Notes[^2], report.Notes[^1]);
        Assert.StartsWith("`current`: not all could be taken over, so the files of generation 1 stay together: ", why, StringComparison.Ordinal);
        Assert.Contains(reason, why, StringComparison.Ordinal);
        Assert.Equal("`current`: kept as var/lib/pm/saved/2/current", where);
        Assert.False(world.Root.IsDetached);
        Assert.Equal("mine", File.ReadAllText(Path.Join(world.Root.StatePath, "saved/2/current/lib/d3/mine")));
        Assert.Null(Mended(world));

        world.Rollback(1);

        Assert.Equal(Files + 1, FilesOf(world).Count(p => p.StartsWith("lib/d", StringComparison.Ordinal) && p != "lib/d3/mine" || p == "etc/c"));
        if (taken is not null)
        {
            Assert.Contains(FilesOf(world), p => world.Read(p) == taken);
        }
        GarbageCollection.Run(
            world.Store, new KeepRules { Now = World.Start + TimeSpan.FromDays(400), Generations = 1, Age = TimeSpan.Zero }, world.Writer);
        Assert.Equal("mine", File.ReadAllText(Path.Join(world.Root.StatePath, "saved/2/current/lib/d3/mine")));
    }

    static RecoveryReport? Mended(World world)
    {
        using var writer = RootWriter.Open(world.Root, world.Store, world.Writer);
        return writer.Recovered;
    }

    /// <summary>Somebody does something just before the first call of a kind.</summary>
    static RecoveryReport? Traced(string call, Action interfere, Func<RecoveryReport?> action)
    {
        var isDone = false;
        WriteDoor.Trace = (_, name, _) =>
        {
            if (name == call && !isDone)
            {
                isDone = true;
                interfere();
            }
        };
        try
        {
            return action();
        }
        finally
        {
            WriteDoor.Trace = null;
            Assert.True(isDone);
        }
    }

    static bool Run(string program, params string[] arguments) => ChildProcess.Run(new ChildOptions
    {
        FileName = program,
        Arguments = arguments,
        SearchPath = "/usr/bin:/bin:/usr/sbin:/sbin",
    }).IsSuccess;

    internal static World Removed(Action<World> change, string? home = null)
    {
        var world = Installed(home);
        change(world);
        world.Install();
        return world;
    }

    internal static World Installed(string? home = null)
    {
        var world = new World(RootKind.Application, home);
        var builder = new PackageBuilder(PackageId.Parse("large@1"));
        for (var i = 0; i < Files; i++)
        {
            world.Add(builder, string.Create(CultureInfo.InvariantCulture, $"lib/d{i % 9}/{i}"), $"content {i}");
        }
        world.Add(builder, "etc/c", "1");
        world.Install(world.Save(builder));
        return world;
    }
}
