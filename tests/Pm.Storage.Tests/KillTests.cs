using Pm.Linux;
using Pm.Packages;
using Xunit;

namespace Pm.Storage.Tests;

/// <summary>Real processes killed by SIGKILL in the middle of what they write.</summary>
public sealed class KillTests
{
    /// <summary>Starting a process takes long; PM_TEST_ALL_KILLS=1 takes every call instead of every seventeenth.</summary>
    static readonly int Stride = Environment.GetEnvironmentVariable("PM_TEST_ALL_KILLS") is null ? 17 : 1;

    [Theory]
    [InlineData("install", 3)]
    [InlineData("update", 1)]
    [InlineData("remove", 2)]
    [InlineData("rollback", 4)]
    [InlineData("gc", 5)]
    public void Killed_at_a_write_the_next_process_finds_old_or_new(string verb, int first)
    {
        var kills = 0;
        for (var at = first; Kill(verb, at); at += Stride)
        {
            kills++;
        }
        Assert.True(kills > 1, $"only {kills} kills");
    }

    static bool Kill(string verb, int at)
    {
        using var world = new World();
        world.Write("bin/mine", "mine");
        var (one, two) = (Scenario.One(world), Scenario.Two(world));
        world.Store.Sync();
        Prepare(verb, world, one, two);
        var before = world.Tree();
        var number = world.Root.Current?.Number ?? 0;

        var killed = Act(verb, world, one, two, Puppet.At(at));

        var context = $"{verb} killed at {at}: {killed}, {killed.ErrorText}";
        Assert.True(killed.IsSuccess || killed.Signal == 9, context);
        world.Reopen();
        var readers = world.Root.Current?.Number ?? 0;
        RecoveryReport? recovered;
        using (var writer = RootWriter.Open(world.Root, world.Store, world.Writer))
        {
            recovered = writer.Recovered;
        }
        Assert.Equal(readers, world.Root.Current?.Number ?? 0);
        if (readers == number)
        {
            SnapshotAssert.Equal(before, world.Tree(), context + recovered);
        }
        Assert.True(Act(verb, world, one, two, "-").IsSuccess);
        AssertNothingLeft(world, context);
        return !killed.IsSuccess;
    }

    static void Prepare(string verb, World world, Package one, Package two)
    {
        if (verb is not "install")
        {
            world.Install(one);
        }
        if (verb is "rollback" or "gc")
        {
            world.Install(two);
        }
    }

    static ChildResult Act(string verb, World world, Package one, Package two, string fault) => verb switch
    {
        "install" => Puppet.Run(world, "install", fault, one.Hash.ToString()),
        "update" => Puppet.Run(world, "install", fault, two.Hash.ToString()),
        "remove" => Puppet.Run(world, "install", fault),
        "rollback" => Puppet.Run(world, "rollback", fault, "1"),
        _ => Puppet.Run(world, "gc", fault),
    };

    static void AssertNothingLeft(World world, string context)
    {
        Assert.False(world.Root.NeedsRecovery, context);
        Assert.True(Verification.Verify(world.Root, world.Store, new VerificationOptions()).IsClean, context);
        var left = Directory.EnumerateFileSystemEntries(world.Home, ".pm-*", new EnumerationOptions
        {
            RecurseSubdirectories = true,
            AttributesToSkip = 0,
        });
        Assert.Empty(left);
    }

    [Fact]
    public void What_a_killed_writer_of_blobs_left_goes_with_the_next_change()
    {
        using var world = new World();
        world.Store.Sync();
        // Large enough for a file before its root is known.
        var text = new string('x', 100_000);
        var killed = Puppet.Run(world, "blob", Puppet.At(20), text);
        for (var at = 1; killed.IsSuccess || !HasPending(world); at++)
        {
            killed = Puppet.Run(world, "blob", Puppet.At(at), $"{text} {at}");
            Assert.True(at < 40);
        }

        RootWriter.Open(world.Root, world.Store, world.Writer).Dispose();

        Assert.False(HasPending(world));
    }

    [Fact]
    public async Task Two_processes_at_once_wait_for_each_other_and_both_are_done()
    {
        using var world = new World();
        var packages = Enumerable.Range(0, 6).Select(i => world.Save($"p{i}", "1", ($"share/{i}/a", $"{i}"), ($"share/{i}/b", "same"))).ToList();
        world.Store.Sync();

        var results = await Task.WhenAll(packages.Select(p => Puppet.Start(world, "grow", p.Hash.ToString())));

        Assert.All(results, r => Assert.True(r.IsSuccess, r.ErrorText));
        world.Reopen();
        Assert.Equal(6, world.Root.Current!.Number);
        Assert.Equal(6, world.Root.Current.Packages.Length);
        Assert.True(Verification.Verify(world.Root, world.Store, new VerificationOptions()).IsClean);
    }

    static bool HasPending(World world) => Directory.Exists(Path.Join(world.StorePath, "pending"))
        && Directory.GetFileSystemEntries(Path.Join(world.StorePath, "pending")).Length > 0;
}
