using System.Text;
using Xunit;

namespace Pm.Linux.Tests;

public sealed class MemoryListTests
{
    const string Heap = """
        00400000-00500000 r-xp 00000000 fe:00 12 /usr/bin/pm
        7f00000000-7f00010000 rw-p 00000000 00:00 0
        7f00010000-7f00400000 ---p 00000000 00:00 0
        7f00400000-7f00401000 rw-p 00000000 00:00 0
        7f00401000-7f80000000 ---p 00000000 00:00 0
        7f80000000-7f80001000 rw-p 00000000 00:00 0

        """;

    [Fact]
    public void What_is_reserved_behind_a_place_is_found_up_to_the_limit() => Assert.Equal(
        [(0x7f00010000ul, 0x3f0000ul), (0x7f00401000ul, 0x7f02000000ul - 0x7f00401000ul)], Find(Heap, 0x7f00000010, 32 << 20));

    [Theory]
    [InlineData(0x7f00000010ul, 0x10000ul)]
    [InlineData(0x6f00000010ul, 0x2000000ul)]
    [InlineData(0x00400010ul, 0x2000000ul)]
    public void Nothing_is_found_within_what_is_in_use_outside_or_in_a_file(ulong place, ulong most) => Assert.Empty(Find(Heap, place, most));

    [Theory]
    [InlineData("7f00011000-7f00400000 ---p 00000000 00:00 0")] // a gap
    [InlineData("7f00010000-7f00400000 ---p 00001000 fe:00 9 /lib/x.so")]
    [InlineData("7f00010000-7f00400000 ---s 00000000 00:00 0")]
    [InlineData("7f00010000-7f00400000 ---p 00000000 00:00 0 [stack]")]
    [InlineData("7f00010000-7f00018000 ---p 00000000 00:00 0")] // a guard
    [InlineData("7f00010000-7f00010000 ---p 00000000 00:00 0")]
    [InlineData("7f00010000 ---p")]
    [InlineData("")]
    public void What_is_not_the_same_reserved_memory_is_left_alone(string next) =>
        Assert.Empty(Find($"7f00000000-7f00010000 rw-p 00000000 00:00 0\n{next}\n", 0x7f00000010, 32 << 20));

    [Fact]
    public void A_line_that_is_cut_off_is_not_read() =>
        Assert.Empty(Find("7f00000000-7f00010000 rw-p 00000000 00:00 0\n7f00010000-7f00400000 ---p 00000000 00:00 0", 0x7f00000010, 32 << 20));

    [Fact]
    public void The_heap_of_this_process_is_made_ready()
    {
        Assert.InRange(HeapPages.MakeReady(), 0, HeapPages.Ahead);

        // What was made ready is the collector's still: nothing that it holds changes, and more can be taken.
        var kept = Enumerable.Range(0, 4_000).Select(i => new string((char)('a' + (i % 26)), 4_000)).ToList();
        GC.Collect();
        Assert.All(kept.Index(), item => Assert.False(item.Item.AsSpan().ContainsAnyExcept((char)('a' + (item.Index % 26)))));
    }

    static List<(ulong, ulong)> Find(string list, ulong place, ulong most) => MemoryList.ReservedBehind(Encoding.ASCII.GetBytes(list), place, most);
}
