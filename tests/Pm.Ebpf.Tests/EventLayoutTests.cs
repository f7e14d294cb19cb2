using System.Text;
using Pm.Ebpf.Events;
using Xunit;

namespace Pm.Ebpf.Tests;

/// <summary>Several layouts of one buffer, without a kernel: bytes go to the sink that a reader would give them to.</summary>
public class EventLayoutTests
{
    [Theory]
    [InlineData(16, "done type=2 pid=7 result=-3")]
    [InlineData(80, "tried type=2 pid=7 flags=-3 name=\"\"")]
    // The begin of a longer one; more than any.
    [InlineData(12, "done type=2 pid=7 result=0")]
    [InlineData(0, "done type=0 pid=0 result=0")]
    [InlineData(17, "tried type=2 pid=7 flags=-3 name=\"\"")]
    [InlineData(300, "tried type=2 pid=7 flags=-3 name=\"\"")]
    public void A_record_has_the_layout_of_its_length(int length, string expected) => Assert.Equal(expected + "\n", Shown("told", EventStyle.Text, length));

    [Theory]
    [InlineData(20, "done type=2 pid=7 result=-3")]
    [InlineData(84, "tried type=2 pid=7 flags=-3 name=\"\"")]
    public void A_perf_buffer_has_filled_it_up(int length, string expected) => Assert.Equal(expected + "\n", Shown("repeated", EventStyle.Text, length));

    [Fact]
    public void Each_layout_has_its_names_above_its_first_event() =>
        Assert.Equal(
            """
            done TYPE             PID      RESULT
            done 2                7        -3
            tried TYPE             PID      FLAGS    NAME
            tried 2                7        -3       
            done 2                7        -3

            """, Shown("told", EventStyle.Columns, 16, 80, 16), ignoreAllWhiteSpace: false, ignoreLineEndingDifferences: true);

    [Fact]
    public void A_map_stands_before_the_layout() =>
        Assert.Equal("{\"map\":\"told\",\"struct\":\"done\",\"type\":2,\"pid\":7,\"result\":-3}\n", Shown(isAlone: false, "told", EventStyle.Json, 16));

    static string Shown(string map, EventStyle style, params int[] lengths) => Shown(isAlone: true, map, style, lengths);

    static string Shown(bool isAlone, string map, EventStyle style, params int[] lengths)
    {
        using var output = new MemoryStream();
        var printer = new EventPrinter(output, style, isAlone);
        var sink = printer.For(SampleObject.Spec("layouts").Events.Single(e => e.Map.Name == map), _ => null);
        foreach (var length in lengths)
        {
            var record = new byte[Math.Max(length, 16)];
            (record[0], record[8]) = (2, 7);
            BitConverter.TryWriteBytes(record.AsSpan(12), -3);
            sink.Take(record.AsSpan(0, length));
        }

        sink.Lose(3);
        printer.Flush();
        Assert.Equal((lengths.Length, 3ul), (printer.Written, printer.Lost));
        return Encoding.UTF8.GetString(output.ToArray());
    }
}
