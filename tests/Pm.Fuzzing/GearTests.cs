using System.Runtime.InteropServices;
using Pm.Fuzzing.Gear;

namespace Pm.Fuzzing;

/// <summary>The fuzzer finds what is there to be found.</summary>
[Collection(FuzzTests.Memory)]
public class GearTests
{
    [Fact]
    public void A_crash_behind_two_conditions_is_found()
    {
        var target = Of(b =>
        {
            if (b.AsSpan().IndexOf("[["u8) >= 0)
            {
                _ = b.Length > 64 ? b[b.Length] : throw new FormatException("nested");
            }
        });

        var campaign = new Campaign(target, 1).Run(20_000);

        var (what, input) = Assert.Single(campaign.Found);
        Assert.Contains(nameof(IndexOutOfRangeException), what);
        Assert.True(input.Length > 64);
    }

    [Fact]
    public void Memory_beyond_the_limit_is_a_finding()
    {
        var target = Of(b => GC.KeepAlive(new byte[b.Length * 1000])) with { MemoryLimit = 10_000 };

        Assert.Contains("memory", Trial.Run(target, new byte[100]).Finding);
        Assert.Null(Trial.Run(target, new byte[1]).Finding);
    }

    [Fact]
    public void Memory_of_a_library_is_a_finding_and_a_little_is_none()
    {
        var campaign = new Campaign(Taking(length =>
        {
            var memory = Marshal.AllocHGlobal(length);
            for (var page = 0; page < length; page += 4096)
            {
                Marshal.WriteByte(memory, page, 1);
            }

            Marshal.FreeHGlobal(memory);
        }), 1).Run(250);

        Assert.Contains("process memory", Assert.Single(campaign.Found).Key);
        Assert.Contains((byte)'[', Assert.Single(campaign.Found).Value);
        Assert.True(campaign.MostResident > 20 << 20);
    }

    [Fact]
    public void Memory_of_another_thread_is_a_finding()
    {
        var campaign = new Campaign(Taking(length =>
        {
            var other = new Thread(() => Array.Fill(new byte[length], (byte)1));
            other.Start();
            other.Join();
        }), 1).Run(250);

        Assert.Contains("process memory", Assert.Single(campaign.Found).Key);
    }

    // 160 MiB where the input holds a bracket, else hardly any, of at most four times 2 MiB: so much that what the runtime gives back meanwhile of other tests does not hide it.
    static FuzzTarget Taking(Action<int> take) => Of(b => take(b.Contains((byte)'[') ? 160 << 20 : 64 << 10)) with { MemoryLimit = 2 << 20 };

    [Fact]
    public void A_message_that_steers_a_terminal_is_a_finding()
    {
        var target = Of(_ => throw new Pm.Packages.PackageFormatException("PM2001", "a\u001b[2Jb")) with { Allowed = [typeof(Pm.Packages.PackageFormatException)] };

        Assert.Contains("control character", Trial.Run(target, []).Finding);
    }

    [Fact]
    public void The_same_seed_gives_the_same_inputs()
    {
        Assert.Equal(Inputs(7), Inputs(7));
        Assert.NotEqual(Inputs(7), Inputs(8));
    }

    static List<string> Inputs(ulong seed)
    {
        var inputs = new List<string>();
        new Campaign(Of(b => inputs.Add(Convert.ToHexString(b))), seed).Run(200);
        return inputs;
    }

    static FuzzTarget Of(Action<byte[]> read) => new("gear", read)
    {
        Seeds = () => ["a seed of some length"u8.ToArray()],
        Allowed = [typeof(FormatException)],
        Words = ["["u8.ToArray(), "]"u8.ToArray()],
    };
}
