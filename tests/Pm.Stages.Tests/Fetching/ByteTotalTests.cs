using System.Text;
using Pm.Stages.Changes;
using Pm.Stages.Fetching;
using Xunit;

namespace Pm.Stages.Tests.Fetching;

public class ByteTotalTests
{
    [Fact]
    public void Sizes_that_nothing_has_end_in_a_large_number()
    {
        Assert.Equal(6, ByteTotal.Of([1L, 2, 3], size => size));
        Assert.Equal(1L << 60, ByteTotal.Of([long.MaxValue, long.MaxValue, 1], size => size));
    }

    [Fact]
    public void What_several_packages_of_a_dry_run_hold_is_counted_once()
    {
        const int Contents = 40_000;
        var sink = new DrySink(null);

        Parallel.For(0, 4, _ =>
        {
            for (var number = 0; number < Contents; number++)
            {
                using var writer = sink.Create(executable: false);
                writer.Append(Encoding.UTF8.GetBytes($"{number:D8}"));
                writer.Commit();
            }
        });

        Assert.Equal((Contents * 8L, 3 * Contents * 8L), (sink.CopiedBytes, sink.SharedBytes));
    }
}
