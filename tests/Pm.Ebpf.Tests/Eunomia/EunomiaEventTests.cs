using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Pm.Ebpf.Btf;
using Pm.Ebpf.Eunomia;
using Pm.Ebpf.Events;
using Xunit;

namespace Pm.Ebpf.Tests.Eunomia;

public class EunomiaEventTests
{
    /// <summary>The struct of the original's own test, and what it expects of it.</summary>
    [Fact]
    public void A_struct_with_everything_is_written_as_the_original_writes_it()
    {
        var type = Type("S");
        var record = new byte[type.Size];
        Span<byte> At(string name) => record.AsSpan((int)type.Members.Single(m => m.Name == name).BitOffset / 8);
        for (var i = 0; i < 24; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(At("arr1")[(4 * i)..], (i / 12 << 16) + (i / 4 % 3 << 8) + i % 4);
        }

        "A-String"u8.CopyTo(At("str"));
        for (var i = 0; i < 10; i++)
        {
            Encoding.ASCII.GetBytes($"hello {i}").CopyTo(At("str_arr")[(20 * i)..]);
        }

        BinaryPrimitives.WriteSingleLittleEndian(At("ft"), 1.23f);
        BinaryPrimitives.WriteDoubleLittleEndian(At("dbl"), 4.56);
        At("u8v")[0] = 0x12;
        At("i8v")[0] = unchecked((byte)-0x12);
        BinaryPrimitives.WriteUInt16LittleEndian(At("u16v"), 0x1234);
        BinaryPrimitives.WriteInt16LittleEndian(At("i16v"), -0x1234);
        BinaryPrimitives.WriteUInt32LittleEndian(At("u32v"), 0x12345678);
        BinaryPrimitives.WriteInt32LittleEndian(At("i32v"), -0x12345678);
        BinaryPrimitives.WriteUInt64LittleEndian(At("u64v"), 0x123456789abcdef0);
        BinaryPrimitives.WriteInt64LittleEndian(At("i64v"), -0x123456789abcdef0);

        using var json = Json("S", record);

        var expected = PackageText.Expected("struct_S").GetProperty("expect");
        foreach (var name in new[] { "str", "dbl", "u8v", "i8v", "u16v", "i16v", "u32v", "i32v", "u64v", "i64v", "e" })
        {
            Assert.Equal(expected.GetProperty(name).GetRawText(), json.RootElement.GetProperty(name).GetRawText());
        }

        Assert.Equal("1.23", json.RootElement.GetProperty("ft").GetRawText());
        Assert.Equal("[[[0,1,2,3],[256,257,258,259],[512,513,514,515]],[[65536,65537,65538,65539],[65792,65793,65794,65795],[66048,66049,66050,66051]]]", json.RootElement.GetProperty("arr1").GetRawText());
        Assert.Equal([.. Enumerable.Range(0, 10).Select(i => $"hello {i}")], json.RootElement.GetProperty("str_arr").EnumerateArray().Select(s => s.GetString()));
        Assert.Equal("""{"__EUNOMIA_TYPE":"struct","__EUNOMIA_TYPE_NAME":"","x":0}""", json.RootElement.GetProperty("in").GetRawText());
        Assert.StartsWith("""{"__EUNOMIA_TYPE":"struct","__EUNOMIA_TYPE_NAME":"other","pid":0,""", json.RootElement.GetProperty("nested").GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_of_128_bits_are_text()
    {
        var record = new byte[32];
        BinaryPrimitives.WriteInt128LittleEndian(record, -(Int128.One << 90));
        BinaryPrimitives.WriteUInt128LittleEndian(record.AsSpan(16), (UInt128.One << 127) + 10);

        using var json = Json("wide", record);

        var expected = PackageText.Expected("int128");
        Assert.Equal(expected.GetProperty("a").GetString(), json.RootElement.GetProperty("a").GetString());
        Assert.Equal(expected.GetProperty("b").GetString(), json.RootElement.GetProperty("b").GetString());
    }

    [Fact]
    public void Bit_fields_are_refused() => Assert.Equal(
        "events of type struct fields cannot be written: `low` is a bit-field, which these packages do not have",
        Assert.Throws<EbpfFormatException>(() => EventDecoder.Compile(Type("fields"), EventDialect.Eunomia)).Message);

    [Theory]
    [InlineData(7, "E_B(7)")]
    [InlineData(9, "<UNKNOWN_VARIANT>(9)")]
    public void Values_of_enumerations_have_name_and_number(int value, string shown)
    {
        var type = Type("S");
        var record = new byte[type.Size];
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan((int)type.Members.Single(m => m.Name == "e").BitOffset / 8), value);

        using var json = Json("S", record);

        Assert.Equal(shown, json.RootElement.GetProperty("e").GetString());
    }

    [Fact]
    public void Events_stand_below_a_header_with_the_time_before_them()
    {
        var output = new MemoryStream();
        var printer = new EunomiaPrinter(output, isJson: false, hasHeader: true, new StoppedTime());
        var sink = printer.For(EventDecoder.Compile(Type("other"), EventDialect.Eunomia));
        printer.WriteHeader(sink);

        sink.Take(Other(1, 2, "sh", "/bin/true"));
        sink.Take(Other(123456789, 2, "much-too-long", "x"));
        printer.Flush();

        Assert.Equal("""
            TIME     PID    PPID   COMM   FNAME
            01:02:03 1      2      sh     /bin/true
            01:02:03 123456789 2   much-too-long x

            """.ReplaceLineEndings("\n"), Encoding.UTF8.GetString(output.ToArray()));
    }

    [Fact]
    public void As_json_there_is_neither_time_nor_header()
    {
        var output = new MemoryStream();
        var printer = new EunomiaPrinter(output, isJson: true, hasHeader: true, new StoppedTime());
        var sink = printer.For(EventDecoder.Compile(Type("other"), EventDialect.Eunomia));
        printer.WriteHeader(sink);

        sink.Take(Other(1, 2, "s\u001b[h", "\"x\""));
        printer.Flush();

        Assert.Equal("""{"pid":1,"ppid":2,"comm":"s\u001b[h","fname":"\"x\""}""" + "\n", Encoding.UTF8.GetString(output.ToArray()));
    }

    /// <summary>That of the public vector, over types of ours.</summary>
    [Fact]
    public void Members_can_be_picked_and_called_anything()
    {
        var spec = SampleObject.Spec("figures");
        var meta = Custom("multiple_export_ringbuf/multiple-custom-struct.json");
        var decoder = Assert.Single(EunomiaExports.Of(meta, spec)).Decoder;
        var buffer = new EventBuffer();

        decoder.WriteJson(Other(1, 2, "sh", "/bin/true"), buffer);
        decoder.WriteHeader(buffer);
        decoder.WriteColumns(Other(1, 2, "sh", "/bin/true"), buffer, "01:02:03"u8);

        Assert.Equal("""
            {"comm?":"sh","ppid":2,"fname":"/bin/true","pid":1}
            TIME     COMM?  PPID   FNAME  PID
            01:02:03 sh     2      /bin/true 1

            """.ReplaceLineEndings("\n"), Encoding.UTF8.GetString(buffer.Written));
    }

    [Fact]
    public void Members_that_lie_within_each_other_are_refused() => Assert.Equal(
        ("PM8064", "figures.o: map `rb_other`: member `ppid` at byte 3 lies within `pid`, which ends at 4"), Refusal("multiple_export_ringbuf/multiple-invalid-struct-1.json"));

    [Fact]
    public void Members_beyond_any_event_are_refused() => Assert.Equal(
        ("PM8023", "member `pid`: events have at most 1048576 bytes, it ends at 12345682"), Refusal("multiple_export_ringbuf/multiple-invalid-struct-2.json"));

    [Fact]
    public void A_map_with_events_and_no_type_is_refused()
    {
        var meta = EunomiaMeta.Parse(Encoding.UTF8.GetBytes(PackageText.Least), "p");

        var e = Assert.Throws<EbpfFormatException>(() => EunomiaExports.Of(meta, SampleObject.Spec("opens")));

        Assert.Equal(("PM8064", "opens.o: Export map named `events` found, but no export type is provided"), (e.Code, e.Message));
        Assert.Empty(EunomiaExports.Of(meta, SampleObject.Spec("nothing")));
    }

    [Theory]
    [InlineData("""{"bpf_skel":{"obj_name":"x"},"export_types":[{"name":"other","type_id":2,"size":4}]}""", "export type `other`: type 2 of the object is int")]
    [InlineData("""{"bpf_skel":{"obj_name":"x"},"export_types":[{"name":"other","type_id":99999,"size":4}]}""", "export type `other`: the object has no type 99999")]
    [InlineData("""{"bpf_skel":{"obj_name":"x","maps":[{"name":"m","ident":"m","export_config":{"btf_type_id":2}}]},"enable_multiple_export_types":true}""", "map `m`: the object has none of that name")]
    [InlineData("""{"bpf_skel":{"obj_name":"x","maps":[{"name":"rb","ident":"rb","export_config":"default"}]},"enable_multiple_export_types":true}""", "map `rb`: `default` is for maps that are sampled")]
    public void What_does_not_fit_the_object_is_refused(string meta, string message)
    {
        var e = Assert.Throws<EbpfFormatException>(() => EunomiaExports.Of(EunomiaMeta.Parse(Encoding.UTF8.GetBytes(meta), "p"), SampleObject.Spec("figures")));

        Assert.Equal("PM8064", e.Code);
        Assert.StartsWith("figures.o: " + message, e.Message, StringComparison.Ordinal);
    }

    static (string Code, string Message) Refusal(string vector)
    {
        var e = Assert.Throws<EbpfFormatException>(() => EunomiaExports.Of(Custom(vector), SampleObject.Spec("figures")));
        return (e.Code, e.Message);
    }

    /// <summary>Of the map with custom members, over our object's map and the numbers that its types have.</summary>
    static EunomiaMeta Custom(string vector)
    {
        var meta = EunomiaMeta.Parse(PackageText.Vector(vector), "p");
        var map = meta.Maps.Single(m => m.Export is EunomiaExport.OfMembers);
        var other = Type("other");
        int Of(int id) => other.Members.Single(m => m.Name == id switch { 2 => "pid", 150 => "comm", _ => "fname" }).Type.Id;
        var members = ((EunomiaExport.OfMembers)map.Export).Members.Select(m => m with { Type = Of(m.Type) });
        return meta with { Maps = [map with { Identifier = "rb_other", Export = new EunomiaExport.OfMembers([.. members]) }] };
    }

    static BtfType Type(string name) => SampleObject.Spec("figures").Types!.Find(BtfKind.Struct, name)!.Value;

    static byte[] Other(int pid, int parent, string command, string file)
    {
        var record = new byte[4 + 4 + 16 + 127 + 1];
        BinaryPrimitives.WriteInt32LittleEndian(record, pid);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(4), parent);
        Encoding.ASCII.GetBytes(command).CopyTo(record, 8);
        Encoding.ASCII.GetBytes(file).CopyTo(record, 24);
        return record;
    }

    static JsonDocument Json(string type, byte[] record)
    {
        var buffer = new EventBuffer();
        EventDecoder.Compile(Type(type), EventDialect.Eunomia).WriteJson(record, buffer);
        return JsonDocument.Parse(buffer.Written.ToArray());
    }

    sealed class StoppedTime : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.CreateCustomTimeZone("x", TimeSpan.FromHours(1), "x", "x");

        public override DateTimeOffset GetUtcNow() => new(2026, 1, 1, 0, 2, 3, TimeSpan.Zero);
    }
}
