using System.Text;
using Pm.Ebpf.Sampling;
using Pm.Ebpf.Tests.Eunomia;
using Xunit;

namespace Pm.Ebpf.Tests.Sampling;

public class HistogramTests
{
    [Fact]
    public void The_public_histogram_is_drawn_the_same()
    {
        var expected = PackageText.Expected("log2_hist");
        ulong[] counts = [.. expected.GetProperty("vals").EnumerateArray().Select(v => v.GetUInt64())];
        var text = new StringBuilder();

        Histogram.WriteLogarithmic(counts, expected.GetProperty("val_type").GetString()!, text);

        Assert.Equal(expected.GetProperty("out").EnumerateArray().Select(l => l.GetString()), text.ToString().TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public void Large_numbers_have_wide_columns_and_half_the_stars()
    {
        var counts = new ulong[64];
        counts[63] = ulong.MaxValue;
        var text = new StringBuilder();

        Histogram.WriteLogarithmic(counts, "ns", text);

        var lines = text.ToString().Split('\n');
        Assert.Equal("               ns                            : count    distribution", lines[0]);
        Assert.Equal(" 9223372036854775808 -> 18446744073709551615 : 18446744073709551615 |********************|", lines[64]);
    }

    [Fact]
    public void Rows_that_are_alike_are_drawn_from_the_first_to_the_last_that_counted()
    {
        var text = new StringBuilder();

        Histogram.WriteLinear([0, 0, 4, 0, 2, 0], "cpu", text);

        Assert.Equal("""
                 cpu           : count     distribution
                    2          : 4        |****************************************|
                    3          : 0        |                                        |
                    4          : 2        |********************                    |

            """.ReplaceLineEndings("\n"), text.ToString());
    }

    [Fact]
    public void Nothing_is_drawn_where_nothing_was_counted()
    {
        var text = new StringBuilder();

        Histogram.WriteLogarithmic(new ulong[10], "x", text);
        Histogram.WriteLinear([], "x", text);

        Assert.Equal(0, text.Length);
    }
}
