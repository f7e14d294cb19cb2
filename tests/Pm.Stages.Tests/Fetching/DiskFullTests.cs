using Pm.Linux;
using Pm.Repositories.Tests;
using Xunit;

namespace Pm.Stages.Tests.Fetching;

/// <summary>Faults strike the whole process, so nothing else may run.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Faults
{
    public const string Name = "faults";
}

[Collection(Faults.Name)]
public sealed class DiskFullTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task On_a_disk_that_is_full_at_any_write_it_fails_whole_and_goes_on_when_there_is_room(bool hasRelative)
    {
        var package = new SamplePackage("foo@1.0", "one", more: [("share/shared", Noise(300_000, 1)), ("share/noise", Noise(150_000, 7))]);
        var failures = 0;
        for (var at = 1; ; at += 3)
        {
            using var world = await FetchWorld.MakeAsync(package);
            (world.HasRelative, world.Jobs) = (hasRelative, 1);
            WriteDoor.Fault = WriteFault.Parse($"enospc@{at}+");
            var failure = await Record.ExceptionAsync(() => world.TakeAsync("foo@1.0"));
            WriteDoor.Fault = null;
            if (failure is null)
            {
                break;
            }

            failures++;
            Assert.Equal(Errno.ENOSPC, Assert.IsType<SystemCallException>(failure).Errno);
            await world.TakeAsync("foo@1.0");
            world.AssertHas(package);
            world.AssertStoreIsWhole();
        }

        Assert.True(failures > 5, $"{failures}");
    }

    static byte[] Noise(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
