using System.Text;
using Pm.Ebpf.Notes;
using Xunit;

namespace Pm.Ebpf.Tests.Notes;

public class ObjectNotesTests
{
    [Fact]
    public void What_is_said_is_read()
    {
        var notes = Read("""
            {"description":"tells","details":"a\nb","flags":{"pid":{"long":"process","short":"p","default":-1,"help":"one only"},"x":{}},"maps":{"m":"counts"},
            "samples":{"m":{"interval":1000,"type":"log2_hist","unit":"us","clear_map":true},"n":{"interval":1}},"events":{"rb":"event"},"readings":{"rb":{"saddr":"ip","ret":"errno"}},"linux":">=5.8","fallbacks":[["a","b"],["c"]],"of later":[{}]}
            """);

        Assert.Equal(("tells", "a\nb"), (notes.Description, notes.Details));
        Assert.Equal(new FlagNote { LongName = "process", Letter = 'p', Default = "-1", Help = "one only" }, notes.Flags["pid"]);
        Assert.Equal(new FlagNote(), notes.Flags["x"]);
        Assert.Equal("counts", notes.Maps["m"]);
        Assert.Equal(new SampleNote { Interval = TimeSpan.FromSeconds(1), Kind = SampleKind.LogarithmicHistogram, Unit = "us", ClearsMap = true }, notes.Samples["m"]);
        Assert.Equal(new SampleNote { Interval = TimeSpan.FromMilliseconds(1) }, notes.Samples["n"]);
        Assert.Equal("event", notes.Events["rb"]);
        Assert.Equal((Reading.Address, Reading.Error, ">=5.8"), (notes.Readings["rb"]["saddr"], notes.Readings["rb"]["ret"], notes.Linux));
        Assert.Equal(["a b", "c"], notes.Fallbacks.Select(f => string.Join(' ', f)));
    }

    [Fact]
    public void What_is_written_is_what_was_said_and_no_more()
    {
        const string Text = """{"description":"tells „it“","flags":{"a":{"default":"x","reading":"ip"},"pid":{"short":"p","default":true}},"samples":{"m":{"interval":7,"type":"default_kv"}},"readings":{"rb":{"sig":"signal","when":"time"}},"linux":"^6","fallbacks":[["a","b"]]}""";

        Assert.Equal(Text, Encoding.UTF8.GetString(Read(Text).ToBytes()));
        Assert.Equal("{}", Encoding.UTF8.GetString(ObjectNotes.None.ToBytes()));
        Assert.True(Read("{}\0").IsEmpty);
    }

    [Theory]
    [InlineData("", "not valid JSON at byte 1 of line 1")]
    [InlineData("[]", "`they`: expected an object")]
    [InlineData("""{"description":7}""", "`description`: expected a text of at most 65536 characters")]
    [InlineData("""{"description":"\ud800"}""", "`description`: it is not text")]
    [InlineData("""{"flags":{"a":{"short":"ab"}}}""", "`a`: `short`: expected one letter or digit, got `ab`")]
    [InlineData("""{"flags":{"a":{"short":"-"}}}""", "`a`: `short`: expected one letter or digit, got `-`")]
    [InlineData("""{"flags":{"a":{"long":"--x"}}}""", "`a`: `long`: expected letters, digits and . _ -, got `--x`")]
    [InlineData("""{"flags":{"a":{"default":{}}}}""", "`a`: `default`: expected a text, a number or a switch")]
    [InlineData("""{"flags":{"a":{},"a":{}}}""", "`flags`: expected at most 4096 names")]
    [InlineData("""{"maps":{"":"x"}}""", "`maps`: expected at most 4096 names")]
    [InlineData("""{"samples":{"m":{"interval":0}}}""", "`m`: `interval`: expected milliseconds, 1 to 86400000")]
    [InlineData("""{"samples":{"m":{"interval":1,"type":"log3_hist"}}}""", "`m`: `type`: expected log2_hist, linear_hist or default_kv, got `log3_hist`")]
    [InlineData("""{"samples":{"m":{"interval":1,"clear_map":"yes"}}}""", "`m`: `clear_map`: expected true or false")]
    [InlineData("""{"events":{"m":""}}""", "`m`: expected a text")]
    [InlineData("""{"readings":{"m":{"a":"hex"}}}""", "`a`: expected ip or errno or signal or time or strings, got `hex`")]
    [InlineData("""{"readings":{"m":{"a":7}}}""", "`a`: expected a text")]
    [InlineData("""{"readings":{"m":"ip"}}""", "`m`: expected an object")]
    [InlineData("""{"flags":{"a":{"reading":"time"}}}""", "`reading`: expected ip or signal, got `time`")]
    [InlineData("""{"linux":6}""", "`linux`: expected a text")]
    [InlineData("""{"fallbacks":["a"]}""", "`fallbacks`: expected a list of at most 4096")]
    [InlineData("""{"fallbacks":[["a","a"]]}""", "`fallbacks`: expected lists of different programs")]
    [InlineData("""{"fallbacks":[[]]}""", "`fallbacks`: expected lists of different programs")]
    [InlineData("""[[[[[[[[[]]]]]]]]]""", "not valid JSON")]
    public void What_breaks_a_rule_is_refused(string json, string why)
    {
        var e = Assert.Throws<EbpfFormatException>(() => Read(json));

        Assert.Equal("PM8022", e.Code);
        Assert.StartsWith("x.o: notes (.pm.notes): " + why, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_than_notes_may_have_is_refused() =>
        Assert.Contains("at most 262144 bytes", Assert.Throws<EbpfFormatException>(() => Read($$"""{"description":"{{new string('x', NoteLimits.Size)}}"}""")).Message, StringComparison.Ordinal);

    [Fact]
    public void An_object_without_any_has_none() => Assert.True(SampleObject.Spec("opens").Notes.IsEmpty);

    static ObjectNotes Read(string json) => ObjectNotes.Parse(Encoding.UTF8.GetBytes(json), "x.o");
}
