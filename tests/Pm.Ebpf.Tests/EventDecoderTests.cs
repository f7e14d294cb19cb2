using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Pm.Ebpf.Btf;
using Pm.Ebpf.Events;
using Xunit;

namespace Pm.Ebpf.Tests;

public class EventDecoderTests
{
    [Fact]
    public void Every_shape_comes_out_as_JSON()
    {
        Assert.Equal(
            """
            {"tiny":-1,"small":200,"medium":-300,"plain":-70000,"wide":4000000000,"large":-5000000000,"larger":18446744073709551615,
            "huge":"-170141183460469231731687303715884105728","hugest":"340282366920938463463374607431768211455","yes":true,"letter":65,"text":"héllo",
            "bytes":[1,2,3,4],"kind":"KIND_NEGATIVE","low":5,"middle":-3,"high":11184810,"point":{"x":-1,"y":2},"points":[{"x":3,"y":4},{"x":5,"y":6}],
            "address":16777343,"parts":[127,0,0,1],"either":{"number":1069547520,"fraction":1.5},"single":0.25,"twice":-1E+300,
            "pointer":"0xffff888000000000","grid":[[1,2,3],[4,5,6]],"rest":"and more"}
            """.ReplaceLineEndings(""),
            Json(Shapes(), Record()));
    }

    [Fact]
    public void What_comes_out_is_JSON_that_a_reader_takes()
    {
        using var document = JsonDocument.Parse(Json(Shapes(), Record()));

        Assert.Equal(27, document.RootElement.EnumerateObject().Count());
    }

    [Fact]
    public void Columns_stand_below_their_names_and_what_is_too_long_moves_only_the_next()
    {
        var decoder = EventDecoder.Compile(Type("opens", "event"));
        var buffer = new EventBuffer();

        decoder.WriteHeader(buffer);
        decoder.WriteColumns(Opened(1234, "cat", "/etc/passwd"), buffer);
        decoder.WriteColumns(Opened(123_456_789, "ein längerer Name", "x"), buffer);

        Assert.Equal(
            """
            TIME             PID      FLAGS    OUTCOME        IS_ROOT COMM            NAME
            99               1234     -1       OUTCOME_TRIED  true    cat             /etc/passwd
            99               123456789 -1      OUTCOME_TRIED  true    ein längerer Na x

            """,
            Text(buffer));
    }

    [Fact]
    public void Lines_of_names_and_values_quote_what_is_not_one_word()
    {
        var buffer = new EventBuffer();

        EventDecoder.Compile(Type("opens", "event")).WriteText(Opened(7, "a b", ""), buffer);

        Assert.Equal("time=99 pid=7 flags=-1 outcome=OUTCOME_TRIED is_root=true comm=\"a b\" name=\"\"\n", Text(buffer));
    }

    [Theory]
    [InlineData("\u001b[31mred\u0007", @"\u001b[31mred\u0007")]
    [InlineData("a\nb\tc\\d\"", @"a\u000ab\u0009c\\d\""")]
    [InlineData("\u202eevil\u2066\u0085", @"\u202eevil\u2066\u0085")]
    [InlineData("grün 字🙂", "grün 字🙂")]
    public void Text_cannot_steer_a_terminal(string text, string expected)
    {
        var json = Json(EventDecoder.Compile(Type("opens", "event")), Opened(1, "", text));
        var columns = new EventBuffer();
        EventDecoder.Compile(Type("opens", "event")).WriteColumns(Opened(1, "", text), columns);

        Assert.Contains($"\"name\":\"{expected}\"", json, StringComparison.Ordinal);
        using var document = JsonDocument.Parse(json);
        Assert.Equal(text, document.RootElement.GetProperty("name").GetString());
        Assert.EndsWith(expected.Replace(@"\\", @"\", StringComparison.Ordinal).Replace("\\\"", "\"", StringComparison.Ordinal) + "\n", Text(columns), StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_replaced()
    {
        var record = Opened(1, "", "");
        new byte[] { 0xff, (byte)'a', 0xc3 }.CopyTo(record, 37);

        Assert.Contains("\"name\":\"\ufffda\ufffd\"", Json(EventDecoder.Compile(Type("opens", "event")), record), StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_that_is_too_short_ends_in_zeroes_and_one_that_is_longer_is_fine()
    {
        var decoder = EventDecoder.Compile(Type("opens", "event"));
        var whole = Opened(7, "cat", "/etc/passwd");

        Assert.Equal(Json(decoder, whole), Json(decoder, [.. whole, 0, 0, 0, 0]));
        Assert.Equal(
            """{"time":99,"pid":7,"flags":0,"outcome":0,"is_root":false,"comm":"","name":""}""", Json(decoder, whole[..12]));
        Assert.Equal(Json(decoder, new byte[104]), Json(decoder, []));
    }

    [Fact]
    public void A_value_without_a_name_is_its_number()
    {
        var record = Opened(1, "", "");
        record[16] = 99;

        Assert.Contains("\"outcome\":99,", Json(EventDecoder.Compile(Type("opens", "event")), record), StringComparison.Ordinal);
    }

    [Fact]
    public void Members_can_come_before_and_what_is_no_struct_has_one()
    {
        var number = Types("shapes").Find(BtfKind.Integer, "int")!.Value;
        var buffer = new EventBuffer();

        EventDecoder.Compile(number).WriteJson([7, 0, 0, 0], buffer, EventDecoder.Member("map", "a\"b"));
        EventDecoder.Compile(number).WriteValue([8, 0, 0, 0], buffer);
        EventDecoder.Compile(Types("shapes").Find(BtfKind.Struct, "point")!.Value).WriteValue([1, 0, 2, 0], buffer);

        Assert.Equal("{\"map\":\"a\\\"b\",\"value\":7}\n8{\"x\":1,\"y\":2}", Text(buffer));
    }

    /// <summary>Of several arrays of no length only the last one has what is behind the type's end, or each of a union's.</summary>
    [Theory]
    [InlineData("two", "07000000", """{"pid":7,"nothing":[],"rest":[]}""")]
    [InlineData("two", "07000000 01000000FF000000 02000000FE000000", """{"pid":7,"nothing":[],"rest":[{"a":1,"b":255},{"a":2,"b":254}]}""")]
    [InlineData("two", "07000000 01000000FF000000 02000000", """{"pid":7,"nothing":[],"rest":[{"a":1,"b":255}]}""")]
    [InlineData("many", "07000000 01020304FFFF0600 0A0B0C0D00000100", """{"pid":7,"rest":[{"a":1,"b":2,"c":3,"d":4,"e":-1,"f":6},{"a":10,"b":11,"c":12,"d":13,"e":0,"f":1}]}""")]
    [InlineData("either", "07000000 01020304", """{"pid":7,"left":[],"right":[],"none":{},"numbers":[513,1027],"bytes":[1,2,3,4]}""")]
    public void What_is_behind_the_end_belongs_to_the_last_array(string type, string record, string expected) =>
        Assert.Equal(expected, Json(EventDecoder.Compile(Type("endings", type)), Convert.FromHexString(record.Replace(" ", "", StringComparison.Ordinal))));

    /// <summary>Anybody's record: the more values an element has, the fewer are written.</summary>
    [Fact]
    public void An_array_without_an_end_has_an_end() =>
        Assert.Equal(EventLimits.Values / 7, Json(EventDecoder.Compile(Type("endings", "many")), new byte[1 << 20]).Count(c => c == '{') - 1);

    [Fact]
    public void Writing_an_event_allocates_nothing()
    {
        var (shapes, opened) = (Shapes(), EventDecoder.Compile(Type("opens", "event")));
        var (all, one, cut) = (Record(), Opened(7, "cat", "/etc/\u001bpässwd"), Opened(7, "cat", "x")[..20]);
        var buffer = new EventBuffer();
        long Allocated()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1000; i++)
            {
                buffer.Clear();
                shapes.WriteJson(all, buffer);
                shapes.WriteColumns(all, buffer);
                shapes.WriteText(all, buffer);
                opened.WriteJson(one, buffer);
                opened.WriteColumns(cut, buffer);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Allocated();

        Assert.Equal(0, Allocated());
    }

    static EventDecoder Shapes() => EventDecoder.Compile(Type("shapes", "shapes"));

    static BtfFile Types(string name) => SampleObject.Spec(name).Types!;

    static BtfType Type(string name, string type) => Types(name).Find(BtfKind.Struct, type)!.Value;

    static string Json(EventDecoder decoder, byte[] record)
    {
        var buffer = new EventBuffer();
        decoder.WriteJson(record, buffer);
        return Text(buffer).TrimEnd('\n');
    }

    static string Text(EventBuffer buffer) => Encoding.UTF8.GetString(buffer.Written);

    static byte[] Opened(int pid, string comm, string name)
    {
        var record = new byte[104];
        record[0] = 99;
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(8), pid);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(12), -1);
        record[16] = 1;
        record[20] = 1;
        Cut(Encoding.UTF8.GetBytes(comm), 16).CopyTo(record, 21);
        Cut(Encoding.UTF8.GetBytes(name), 64).CopyTo(record, 37);
        return record;
    }

    static byte[] Cut(byte[] bytes, int length) => bytes[..Math.Min(bytes.Length, length)];

    /// <summary>A record of all shapes, by the offsets that the compiler gave them.</summary>
    static byte[] Record()
    {
        var record = new byte[160 + 9];
        var span = record.AsSpan();
        span[0] = 0xff;
        span[1] = 200;
        BinaryPrimitives.WriteInt16LittleEndian(span[2..], -300);
        BinaryPrimitives.WriteInt32LittleEndian(span[4..], -70000);
        BinaryPrimitives.WriteUInt32LittleEndian(span[8..], 4_000_000_000);
        BinaryPrimitives.WriteInt64LittleEndian(span[16..], -5_000_000_000);
        BinaryPrimitives.WriteUInt64LittleEndian(span[24..], ulong.MaxValue);
        BinaryPrimitives.WriteInt128LittleEndian(span[32..], Int128.MinValue);
        BinaryPrimitives.WriteUInt128LittleEndian(span[48..], UInt128.MaxValue);
        span[64] = 1;
        span[65] = (byte)'A';
        "héllo"u8.CopyTo(span[66..]);
        new byte[] { 1, 2, 3, 4 }.CopyTo(span[76..]);
        BinaryPrimitives.WriteInt32LittleEndian(span[80..], -2);
        BinaryPrimitives.WriteUInt32LittleEndian(span[84..], 5 | 29u << 3 | 0xaaaaaau << 8);
        short[] points = [-1, 2, 3, 4, 5, 6];
        for (var i = 0; i < points.Length; i++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(span[(88 + 2 * i)..], points[i]);
        }

        new byte[] { 127, 0, 0, 1 }.CopyTo(span[100..]);
        BinaryPrimitives.WriteSingleLittleEndian(span[104..], 1.5f);
        BinaryPrimitives.WriteSingleLittleEndian(span[108..], 0.25f);
        BinaryPrimitives.WriteDoubleLittleEndian(span[112..], -1e300);
        BinaryPrimitives.WriteUInt64LittleEndian(span[120..], 0xffff_8880_0000_0000);
        for (var i = 0; i < 6; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(span[(128 + 4 * i)..], i + 1);
        }

        "and more"u8.CopyTo(span[152..]);
        return record;
    }
}
