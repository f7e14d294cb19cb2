using Pm.Linux;
using Xunit;

namespace Pm.Storage.Tests;

/// <summary>
/// Every call that writes, of every change, of both kinds of root: failing once, failing from there on (which is a kill, as
/// far as the disk can tell), out of space from there on. Old or new, whole; and the same change succeeds afterwards.
/// </summary>
public sealed class CrashTests
{
    public static TheoryData<string, RootKind, string> Cases()
    {
        var cases = new TheoryData<string, RootKind, string>();
        foreach (var scenario in Scenario.All)
        {
            foreach (var kind in new[] { RootKind.Prefix, RootKind.Application })
            {
                cases.Add(scenario.Name, kind, "eio@N+");
                cases.Add(scenario.Name, kind, "enospc@N+");
                if (scenario.Name == "update")
                {
                    cases.Add(scenario.Name, kind, "eio@N");
                    cases.Add(scenario.Name, kind, "eintr@N");
                }
            }
        }
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Stopped_at_any_write_the_root_is_old_or_new(string name, RootKind kind, string fault)
    {
        var scenario = Scenario.Named(name);
        var after = Reference(scenario, kind);

        var calls = 0;
        while (Stop(scenario, kind, fault.Replace("N", $"{calls + 1}", StringComparison.Ordinal), after))
        {
            calls++;
        }

        Assert.True(calls > 5, $"the fault struck only {calls} calls");
    }

    [Fact]
    public void What_a_user_writes_between_the_crash_and_the_recovery_is_never_lost()
    {
        var strikes = 0;
        for (var at = 1; at == 1 || strikes == at - 1; at++)
        {
            using var world = new World();
            world.Install(Scenario.One(world), Scenario.Other(world));
            world.Reopen();
            var fault = WriteFault.Parse($"eio@{at}+", world.Home);
            _ = Act(Scenario.Named("update"), world, fault);
            strikes += fault.HasStruck ? 1 : 0;
            string[] paths = ["bin/foo", "bin/bar", "lib/same", "etc/foo.more", "etc/foo.conf", "new/tree/a", "lib/foo/gone", "swap"];
            var written = paths.Where(p => !Directory.Exists(Path.Join(world.RootPath, p))
                && Directory.Exists(Path.GetDirectoryName(Path.Join(world.RootPath, p)))).ToList();
            written.ForEach(p => world.Replace(p, $"the user's {p}"));
            world.Reopen();

            var recovered = Recover(world);

            var everything = Directory.EnumerateFiles(world.RootPath, "*", SearchOption.AllDirectories)
                .Where(f => Path.GetFileName(f) != "lock").Select(File.ReadAllText).ToHashSet();
            Assert.All(written, p => Assert.True(everything.Contains($"the user's {p}"), $"{at}: {p}; {recovered}"));
            Assert.False(world.Root.NeedsRecovery);
        }
        Assert.True(strikes > 50);
    }

    /// <summary>Its removal and what the next writer does about it, as one: see <see cref="DetachedRemovalTests"/>.</summary>
    [Theory]
    [InlineData("eio@N")]
    [InlineData("eio@N+")]
    [InlineData("enospc@N+")]
    public void A_large_application_goes_or_stays_and_nothing_of_its_users_is_lost(string faultText)
    {
        var twice = new Scenario("remove, then mend", _ => { }, w => { w.Install(); Recover(w); });
        for (var (at, hasStruck) = (1, true); hasStruck || at < 10; at++)
        {
            using var world = DetachedRemovalTests.Installed();
            world.Write("lib/d3/mine", "mine");
            world.Replace("lib/d7/7", "edited");
            world.Reopen();
            var fault = WriteFault.Parse(faultText.Replace("N", $"{at}", StringComparison.Ordinal), world.Home);

            var failure = Act(twice, world, fault);

            var context = $"{faultText} {at}: {failure?.Message}";
            Assert.True(failure is null or SystemCallException or StoreException, $"{context}: {failure}");
            world.Reopen();
            Recover(world);
            var isOld = world.Root.Current!.Number == 1;
            var files = DetachedRemovalTests.FilesOf(world).ToList();
            var kept = Path.Join(world.Root.StatePath, "saved/2/current");
            hasStruck = fault.HasStruck;
            if (Directory.Exists(kept))
            {
                // A name was refused once, and nobody knows that it would not be again.
                Assert.Equal("edited", File.ReadAllText(Path.Join(kept, "lib/d7/7")));
                Assert.Equal("mine", File.ReadAllText(Path.Join(kept, "lib/d3/mine")));
                AssertClean(world, context);
                continue;
            }
            Assert.True(files.Count == (isOld ? DetachedRemovalTests.Files + 2 : 2), $"{context}: {files.Count} files");
            Assert.Equal("edited", world.Read(isOld ? "lib/d7/7" : "lib/d7/7.pm-save"));
            world.Install();
            Recover(world);
            Assert.Equal(["lib/d3/mine", "lib/d7/7.pm-save"], DetachedRemovalTests.FilesOf(world));
            Assert.Equal("mine", world.Read("lib/d3/mine"));
            AssertClean(world, context);
        }
    }

    static SortedDictionary<string, string> Reference(Scenario scenario, RootKind kind)
    {
        using var world = new World(kind);
        scenario.Prepare(world);
        scenario.Act(world);
        return world.Tree();
    }

    /// <returns>False: the fault came too late to strike.</returns>
    static bool Stop(Scenario scenario, RootKind kind, string faultText, SortedDictionary<string, string> after)
    {
        using var world = new World(kind);
        scenario.Prepare(world);
        world.Reopen();
        var before = world.Tree();
        var number = world.Root.Current?.Number ?? 0;
        var fault = WriteFault.Parse(faultText, world.Home);

        var failure = Act(scenario, world, fault);

        world.Reopen();
        var recovered = Recover(world);
        var now = world.Root.Current?.Number ?? 0;
        var context = $"{scenario.Name} {faultText}: {failure?.Message}, recovery {recovered}, generation {number} → {now}";
        Assert.True(failure is null or SystemCallException or StoreException, $"{context}: {failure}");
        SnapshotAssert.Equal(now == number ? before : after, world.Tree(), context);
        AssertClean(world, context);
        scenario.Act(world);
        SnapshotAssert.Equal(after, world.Tree(), context + ", again");
        AssertClean(world, context + ", again");
        return fault.HasStruck;
    }

    static Exception? Act(Scenario scenario, World world, WriteFault fault)
    {
        WriteDoor.Fault = fault;
        try
        {
            scenario.Act(world);
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
        finally
        {
            WriteDoor.Fault = null;
        }
    }

    static RecoveryReport? Recover(World world)
    {
        using var writer = RootWriter.Open(world.Root, world.Store, world.Writer, TestContext.Current.CancellationToken);
        return writer.Recovered;
    }

    static void AssertClean(World world, string context)
    {
        Assert.False(world.Root.NeedsRecovery, context);
        var all = Directory.EnumerateFileSystemEntries(world.RootHome, "*", SearchOption.AllDirectories)
            .Where(p => Path.GetFileName(p).StartsWith(".pm-", StringComparison.Ordinal));
        Assert.Empty(all);
        var report = Verification.Verify(world.Root, world.Store, new VerificationOptions());
        // What a scenario's user replaced is found; what pm did is not to be.
        Assert.DoesNotContain(report.Findings, f => f.IsDamage && f.Path != "bin/foo");
    }
}
