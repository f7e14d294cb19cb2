using Pm.Ebpf.Symbols;
using Xunit;

namespace Pm.Ebpf.Tests.Symbols;

/// <summary>Names of functions out of programs' own tables.</summary>
public class ProgramFunctionsTests
{
    static readonly ulong[] Numbers = [0, 1, 0x7f, 0x80, 0xff, 0x7fff_ffff, 0xffff_ffff, long.MaxValue, ulong.MaxValue, ulong.MaxValue - 63];

    static readonly ulong[] Places = [0, 0x100, 0x11f, 0xfff, ulong.MaxValue];

    static readonly int[] Widths = [1, 2, 4, 8];

    static TinyProgram Small => new TinyProgram().With("first", 0x100, 0x20).With("second", 0x120, 0x10);

    [Theory]
    [InlineData(0xff, null)]
    [InlineData(0x100, "first+0x0")]
    [InlineData(0x11f, "first+0x1f")]
    [InlineData(0x120, "second+0x0")]
    [InlineData(0x12f, "second+0xf")]
    [InlineData(0x130, null)]
    [InlineData(0x1000, null)]
    [InlineData(ulong.MaxValue, null)]
    public void A_place_in_a_file_is_a_function_and_a_place_in_it(ulong place, string? name) => Assert.Equal(name, Name(Small.Bytes(), place));

    /// <summary>0 is where a shared library, or a program that is put anywhere, has its first byte.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(0x40_0000)]
    [InlineData(0xffff_ffff_0000_0000)]
    public void Where_the_file_comes_in_memory_makes_no_difference(ulong address) =>
        Assert.Equal("f+0x1", Name(new TinyProgram { Address = address }.With("f", 0x100, 4).Bytes(), 0x101));

    [Fact]
    public void A_segment_need_not_begin_with_the_file()
    {
        var bytes = Small.Bytes();
        TinyProgram.Put(bytes, TinyProgram.SegmentTable + 8, 8, 0x3000);

        Assert.Equal("first+0x5", Name(bytes, 0x3105));
        Assert.Null(Name(bytes, 0x105));
        Assert.Null(Name(bytes, 0x4105));
    }

    [Theory]
    [InlineData(0x10f, "_init+0xf")]
    [InlineData(0x110, "start+0x0")]
    [InlineData(0x1ff, "start+0xef")]
    [InlineData(0x200, null)]
    public void One_without_a_size_goes_on_to_the_next_or_the_end_of_its_section(ulong place, string? name) =>
        Assert.Equal(name, Name(new TinyProgram { SectionSize = 0x200 }.With("start", 0x110, 0).With("_init", 0x100, 0).Bytes(), place));

    [Fact]
    public void Where_a_section_is_not_known_the_next_function_ends_one_without_a_size()
    {
        var bytes = new TinyProgram().With("open", 0x100, 0, section: 9).With("next", 0x200, 1).With("last", 0x300, 0, section: 9).Bytes();

        Assert.Equal("open+0xff", Name(bytes, 0x1ff));
        Assert.Null(Name(bytes, 0x201));
        Assert.Equal("last+0xcff", Name(bytes, 0xfff));
    }

    public static TheoryData<string[], string> Aliases => new()
    {
        { ["local:a", "global"], "global" },
        { ["longer", "short"], "short" },
        { ["bb", "ba", "bc"], "ba" },
        { ["local:b", "local:a"], "a" },
        { ["malloc@@GLIBC_2.2.5", "__libc_malloc"], "malloc" },
    };

    [Theory]
    [MemberData(nameof(Aliases))]
    public void Of_several_names_the_same_one_is_taken_in_whatever_order_they_stand(string[] names, string name)
    {
        foreach (var order in new[] { names, [.. names.Reverse()] })
        {
            var program = new TinyProgram();
            foreach (var one in order)
            {
                program.With(one.Replace("local:", "", StringComparison.Ordinal), 0x100, 8, isLocal: one.StartsWith("local:", StringComparison.Ordinal));
            }

            Assert.Equal(name + "+0x4", Name(program.Bytes(), 0x104));
        }
    }

    [Theory]
    [InlineData(0x100, "outer+0x0")]
    [InlineData(0x110, "in+0x0")]
    [InlineData(0x114, "inmost+0x0")]
    [InlineData(0x119, "in+0x9")]
    [InlineData(0x121, "crossing+0x1")]
    [InlineData(0x13f, "crossing+0x1f")]
    [InlineData(0x140, null)]
    [InlineData(0x209, "a+0x9")]
    [InlineData(0x20a, "longer+0xa")]
    public void Of_functions_within_each_other_the_inmost_is_taken(ulong place, string? name) =>
        Assert.Equal(name, Name(
            new TinyProgram().With("outer", 0x100, 0x30).With("in", 0x110, 0x10).With("inmost", 0x114, 1).With("crossing", 0x120, 0x20)
                .With("longer", 0x200, 0x20).With("a", 0x200, 0xa).Bytes(), place));

    /// <summary>The oracle is what the names mean: the last to begin of those that are there.</summary>
    [Fact]
    public void Each_place_has_the_nearest_function_that_is_there()
    {
        var random = new Random(20261122);
        for (var round = 0; round < 50; round++)
        {
            var starts = Enumerable.Range(0, 12).Select(_ => (ulong)random.Next(1, 60)).Distinct().ToList();
            var functions = starts.Select(s => (Start: s, Size: (ulong)random.Next(1, 40))).ToList();
            var program = new TinyProgram { Size = 0x1000 };
            functions.ForEach(f => program.With($"f{f.Start}", f.Start, f.Size));
            var read = Read(program.Bytes());

            for (var place = 0UL; place < 110; place++)
            {
                var there = functions.Where(f => place >= f.Start && place < f.Start + f.Size).OrderByDescending(f => f.Start).ToList();
                Assert.Equal(there is [var (start, _), ..] ? $"f{start}+0x{place - start:x}" : null, read.NameOf(place));
            }
        }
    }

    [Fact]
    public void Only_functions_count_that_are_in_the_file()
    {
        var bytes = new TinyProgram().With("object", 0x100, 8, type: 1).With("chosen", 0x200, 8, type: 10).With("jump", 0x300, 8, section: 0).With("number", 0x400, 8, section: 0xfff1).With("", 0x500, 8).Bytes();

        Assert.Equal(1, Read(bytes).Count);
        Assert.Equal("chosen+0x0", Name(bytes, 0x200));
    }

    [Fact]
    public void A_library_without_a_table_of_its_own_has_the_names_that_others_link_with() =>
        Assert.Equal("f+0x0", Name(new TinyProgram { Table = 11 }.With("f", 0x100, 8).Bytes(), 0x100));

    [Fact]
    public void Many_functions_around_one_another_are_not_gone_through_without_an_end()
    {
        var program = new TinyProgram();
        for (var i = 0UL; i < 2000; i++)
        {
            program.With($"f{i}", 0x100 + i, (4000 - (2 * i)) + 1);
        }

        var read = Read(program.Bytes());

        Assert.Equal(2000, read.Count);
        Assert.Equal("f1999+0x1", read.NameOf(0x100 + 2000));
        Assert.Null(read.NameOf(0x100 + 3999));
    }

    [Fact]
    public void What_is_cut_short_has_no_names()
    {
        var bytes = Small.Bytes();
        foreach (var length in Enumerable.Range(0, bytes.Length))
        {
            Assert.Null(Name(bytes[..length], 0x101));
        }

        Assert.Equal("first+0x1", Name(bytes, 0x101));
    }

    /// <summary>Every field of the file, with numbers that are too large for it.</summary>
    [Fact]
    public void Whatever_a_field_says_there_is_a_name_or_none()
    {
        var bytes = Small.Bytes();
        foreach (var value in Numbers)
        {
            foreach (var (width, at) in Widths.SelectMany(w => Enumerable.Range(0, bytes.Length - w + 1).Select(at => (w, at))))
            {
                var damaged = bytes.ToArray();
                TinyProgram.Put(damaged, at, width, value);
                var read = Read(damaged);
                foreach (var place in Places)
                {
                    Assert.True(read.NameOf(place) is null or { Length: > 4 });
                }
            }
        }
    }

    [Fact]
    public void Tables_that_are_too_large_or_names_that_are_nowhere_are_not_read()
    {
        var program = Small;

        Assert.Equal(0, Read(Changed(program.SectionTable + (2 * TinyProgram.Head) + 32, 8, 65L << 20)).Count);
        Assert.Equal(0, Read(Changed(program.SectionTable + (2 * TinyProgram.Head) + 40, 4, 4)).Count);
        Assert.Equal(0, Read(Changed(60, 2, 0)).Count);
        Assert.Equal(0, Read(Changed(60, 2, 0xffff)).Count);
        Assert.Equal(0, Read(Changed(56, 2, 0xffff)).Count);
        Assert.Equal(0, Read(Changed(4, 1, 1)).Count);
        Assert.Equal(1, Read(Changed(TinyProgram.SymbolTable + TinyProgram.SymbolSize, 4, 0xffff)).Count);
        Assert.Equal(1, Read(Changed(TinyProgram.SymbolTable + TinyProgram.SymbolSize + 16, 8, -1)).Count);

        byte[] Changed(int at, int width, long value)
        {
            var bytes = program.Bytes();
            TinyProgram.Put(bytes, at, width, (ulong)value);
            return bytes;
        }
    }

    [Theory]
    [InlineData(2048, true)]
    [InlineData(2049, false)]
    public void A_name_that_no_function_has_is_none(int length, bool isOne) =>
        Assert.Equal(isOne ? new string('a', length) + "+0x0" : null, Name(new TinyProgram().With(new string('a', length), 0x100, 8).Bytes(), 0x100));

    static string? Name(byte[] bytes, ulong place) => Read(bytes).NameOf(place);

    static ProgramFunctions Read(byte[] bytes)
    {
        using var file = new MemoryStream(bytes);
        return ProgramFunctions.Read(file);
    }
}
