using Pm.Fuzzing.Gear;

namespace Pm.Fuzzing;

/// <summary>The fuzzer finds what is there to be found.</summary>
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
