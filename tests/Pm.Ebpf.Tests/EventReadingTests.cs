using System.Buffers.Binary;
using System.Net;
using System.Text;
using Pm.Ebpf.Btf;
using Pm.Ebpf.Events;
using Pm.Ebpf.Notes;
using Xunit;

namespace Pm.Ebpf.Tests;

/// <summary>What numbers and bytes of an event stand for, as the notes of an object say it.</summary>
public class EventReadingTests
{
    [Fact]
    public void People_see_what_a_member_stands_for() => Assert.Equal(
        "when=13:00:05.250 ret=ENOENT signal=SIGKILL result=ERESTARTSYS from=192.0.2.1 to=192.0.2.2 old=127.0.0.1 new=2001:db8::1 peer={\"address\":\"192.0.2.3\",\"error\":\"EACCES\"} "
        + "hops=[\"192.0.2.4\",\"0.0.0.0\"] narrow=EPERM plain=-2 later=13:00:07.000 list=[\"EAGAIN\",0] tiny=ENOENT\n",
        Written((decoder, into) => decoder.WriteText(Record(), into)));

    /// <summary>A program that reads it compares numbers; an address is none in JSON.</summary>
    [Fact]
    public void Json_has_numbers_and_addresses() => Assert.Equal(
        "{\"when\":5250000000,\"ret\":-2,\"signal\":9,\"result\":-512,\"from\":\"192.0.2.1\",\"to\":\"192.0.2.2\",\"old\":\"127.0.0.1\",\"new\":\"2001:db8::1\",\"peer\":{\"address\":\"192.0.2.3\",\"error\":-13},"
        + "\"hops\":[\"192.0.2.4\",\"0.0.0.0\"],\"narrow\":-1,\"plain\":-2,\"later\":7000000000,\"list\":[-11,0],\"tiny\":-2}\n",
        Written((decoder, into) => decoder.WriteJson(Record(), into)));

    [Fact]
    public void Columns_are_as_wide_as_what_is_shown() => Assert.Equal(
        """
        WHEN         RET      SIGNAL   RESULT   FROM            TO              OLD             NEW
        13:00:05.250 ENOENT   SIGKILL  ERESTARTSYS 192.0.2.1    192.0.2.2       127.0.0.1       2001:db8::1
        """,
        Written((decoder, into) =>
        {
            decoder.WriteHeader(into);
            decoder.WriteColumns(Record(), into);
        }).Split('\n') is [var head, var line, _] ? $"{head[..head.IndexOf(" PEER", StringComparison.Ordinal)].TrimEnd()}\n{line[..line.IndexOf(" {", StringComparison.Ordinal)].TrimEnd()}" : "",
        ignoreLineEndingDifferences: true);

    /// <summary>What is no error, no signal and no time stays the number that it is.</summary>
    [Fact]
    public void What_has_no_name_is_a_number()
    {
        var record = Record();
        BinaryPrimitives.WriteUInt64LittleEndian(record, 0);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(8), 3);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(12), 33);
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(16), -4000);

        Assert.StartsWith("when=0 ret=3 signal=33 result=-4000 ", Written((decoder, into) => decoder.WriteText(record, into)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("34", "SIGRTMIN")]
    [InlineData("64", "SIGRTMIN+30")]
    [InlineData("0", "0")]
    public void Signals_have_names(string number, string name)
    {
        var record = Record();
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(12), int.Parse(number, System.Globalization.CultureInfo.InvariantCulture));

        Assert.Contains($" signal={name} ", Written((decoder, into) => decoder.WriteText(record, into)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_time_before_the_machine_was_started_is_a_number()
    {
        var record = Record();
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(88), -5);

        Assert.Contains(" later=-5 ", Written((decoder, into) => decoder.WriteText(record, into)), StringComparison.Ordinal);
        Assert.Contains("\"later\":-5,", Written((decoder, into) => decoder.WriteJson(record, into)), StringComparison.Ordinal);
    }

    /// <summary>Of a byte no number is so far below zero as some errors are.</summary>
    [Theory]
    [InlineData(0, "0")]
    [InlineData(-1, "EPERM")]
    [InlineData(-12, "ENOMEM")]
    [InlineData(5, "5")]
    public void Errors_of_a_byte_are_those_that_it_can_be(int number, string name)
    {
        var record = Record();
        record[104] = (byte)number;

        Assert.EndsWith($" tiny={name}\n", Written((decoder, into) => decoder.WriteText(record, into)), StringComparison.Ordinal);
    }

    /// <summary>As maps have them for keys.</summary>
    [Fact]
    public void An_address_may_be_all_that_there_is()
    {
        var into = new EventBuffer();

        EventDecoder.Compile(SampleObject.Spec("readings").Types!.Find(BtfKind.Struct, "in_addr")!.Value).WriteBare([127, 0, 0, 1], into);

        Assert.Equal("127.0.0.1", Encoding.UTF8.GetString(into.Written));
    }

    /// <summary>Whoever runs it may say another type, of which nothing was said.</summary>
    [Fact]
    public void What_cannot_be_read_so_is_written_as_its_type_says()
    {
        var said = new Dictionary<string, Reading> { ["when"] = Reading.Address, ["peer"] = Reading.Error, ["missing"] = Reading.Time, ["narrow"] = Reading.Time, ["ret"] = Reading.Error };

        var decoder = EventDecoder.Compile(Event(), readings: said);

        Assert.Equal(["ret"], decoder.Read);
        var into = new EventBuffer();
        decoder.WriteText(Record(), into);
        Assert.StartsWith("when=5250000000 ret=ENOENT signal=9 ", Encoding.UTF8.GetString(into.Written), StringComparison.Ordinal);
    }

    [Fact]
    public void All_that_the_notes_say_of_it_is_found() =>
        Assert.Equal(SampleObject.Spec("readings").Notes.Readings["events"].Keys, Decoder().Read.Order(StringComparer.Ordinal));

    /// <summary>Packages of eunomia's are shown as their own loader shows them.</summary>
    [Fact]
    public void Eunomia_knows_nothing_of_it()
    {
        var into = new EventBuffer();
        EventDecoder.Compile(Event(), EventDialect.Eunomia, SampleObject.Spec("readings").Notes.Readings["events"]).WriteJson(Record(), into);

        Assert.Contains("\"ret\":-2,", Encoding.UTF8.GetString(into.Written), StringComparison.Ordinal);
        Assert.Contains("\"s_addr\":16777343", Encoding.UTF8.GetString(into.Written), StringComparison.Ordinal);
    }

    /// <summary>The arguments of a program, as execsnoop has them: with a NUL behind each.</summary>
    [Theory]
    [InlineData("ls\0-l\0/tmp\0", "args=\"ls -l /tmp\"", "ls -l /tmp")]
    [InlineData("ls\0\0-l\0\0\0\0", "args=\"ls  -l\"", "ls  -l")]
    [InlineData("\0a", "args=\" a\"", " a")]
    [InlineData("ls", "args=ls", "ls")]
    [InlineData("", "args=\"\"", "")]
    [InlineData("123456789012", "args=123456789012", "123456789012")]
    [InlineData("\u001b\0\"", "args=\"\\u001b \\\"\"", "\\u001b \\\"")]
    public void Strings_stand_with_blanks_between_them(string args, string text, string json)
    {
        var (decoder, record, into) = (Words(), new byte[32], new EventBuffer());
        Encoding.UTF8.GetBytes(args).CopyTo(record, 4);

        decoder.WriteText(record, into);
        decoder.WriteJson(record, into);

        Assert.Equal(
            $"pid=0 {text} lines=[\"\",\"\"] raw=\"\" plain=\"\" rest=\"\"\n{{\"pid\":0,\"args\":\"{json}\",\"lines\":[\"\",\"\"],\"raw\":\"\",\"plain\":\"\",\"rest\":\"\"}}\n",
            Encoding.UTF8.GetString(into.Written));
    }

    [Fact]
    public void Strings_are_arrays_of_bytes_and_may_be_what_is_behind_the_end()
    {
        var (decoder, into) = (Words(), new EventBuffer());

        decoder.WriteText([.. "\x01\0\0\0a\0b\0c\0d\0e\0f\0g\0h\0ij\0kr\0s\0p\0q\0m\0n\0\0"u8], into);
        decoder.WriteColumns([.. "\x01\0\0\0a\0b"u8], into);

        Assert.Equal(["args", "lines", "raw", "rest"], decoder.Read.Order(StringComparer.Ordinal));
        Assert.Equal(
            "pid=1 args=\"a b c d e f\" lines=[\"g h\",\"ij k\"] raw=\"r s\" plain=p rest=\"m n\"\n1        a b         [\"\",\"\"]\n",
            string.Join('\n', Encoding.UTF8.GetString(into.Written).Split('\n').Select(l => l.TrimEnd())));
    }

    [Fact]
    public void Writing_them_allocates_nothing()
    {
        var (decoder, record, into) = (Decoder(), Record(), new EventBuffer());
        var (words, said) = (Words(), "\x01\0\0\0a\0b\0c\0"u8.ToArray());
        long Allocated()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1000; i++)
            {
                into.Clear();
                decoder.WriteJson(record, into);
                decoder.WriteColumns(record, into);
                words.WriteJson(said, into);
                words.WriteColumns(said, into);
                words.WriteText(said, into);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Allocated();

        Assert.Equal(0, Allocated());
    }

    /// <summary>The runtime's own reader understands each as the bytes that it was made of; its writer knows the same form.</summary>
    [Fact]
    public void Addresses_are_written_as_everybody_writes_them()
    {
        var random = new Random(1);
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = new byte[i % 3 == 0 ? 4 : 16];
            random.NextBytes(bytes);
            // Rows of zeroes of all lengths, at all places.
            for (var group = 0; group < bytes.Length / 2; group++)
            {
                if (random.Next(3) > 0)
                {
                    bytes.AsSpan(2 * group, 2).Clear();
                }
            }

            var text = Address(bytes);

            Assert.Equal(bytes, IPAddress.Parse(text).GetAddressBytes());
            if (bytes.AsSpan(0, Math.Min(bytes.Length, 8)).ContainsAnyExcept((byte)0))
            {
                Assert.Equal(new IPAddress(bytes).ToString(), text);
            }
        }
    }

    [Theory]
    [InlineData("00000000000000000000000000000000", "::")]
    [InlineData("00000000000000000000000000000001", "::1")]
    [InlineData("20010db8000000000000000000000000", "2001:db8::")]
    // The first of equally long rows; one group alone is no row (RFC 5952, 4.2.2, 4.2.3).
    [InlineData("20010db8000000000001000000000001", "2001:db8::1:0:0:1")]
    [InlineData("20010db8000000010001000100010001", "2001:db8:0:1:1:1:1:1")]
    [InlineData("00000000000000000000ffff00000000", "0.0.0.0")]
    [InlineData("00000000000000000000ffffc0000201", "192.0.2.1")]
    [InlineData("ffffffff", "255.255.255.255")]
    public void Addresses_are_short(string bytes, string text) => Assert.Equal(text, Address(Convert.FromHexString(bytes)));

    static string Address(ReadOnlySpan<byte> bytes)
    {
        var into = new EventBuffer();
        AddressText.Write(bytes, into);
        return Encoding.ASCII.GetString(into.Written);
    }

    static BtfType Event() => SampleObject.Spec("readings").Events.Single().Type!.Value;

    static EventDecoder Words() => EventDecoder.Compile(
        SampleObject.Spec("endings").Types!.Find(BtfKind.Struct, "words")!.Value,
        readings: new Dictionary<string, Reading>
        {
            ["pid"] = Reading.Strings,
            ["args"] = Reading.Strings,
            ["lines"] = Reading.Strings,
            ["raw"] = Reading.Strings,
            ["rest"] = Reading.Strings,
        });

    static EventDecoder Decoder()
    {
        var events = SampleObject.Spec("readings").Events.Single();
        return EventDecoder.Compile(events.Type!.Value, readings: events.Readings, time: new Noon());
    }

    static string Written(Action<EventDecoder, EventBuffer> write)
    {
        var into = new EventBuffer();
        write(Decoder(), into);
        return Encoding.UTF8.GetString(into.Written);
    }

    static byte[] Record()
    {
        var record = new byte[112];
        BinaryPrimitives.WriteUInt64LittleEndian(record, 5_250_000_000);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(8), -2);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(12), 9);
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(16), -512);
        Put(24, "192.0.2.1");
        Put(28, "192.0.2.2");
        Put(32, "127.0.0.1");
        Put(36, "2001:db8::1");
        Put(52, "::ffff:192.0.2.3");
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(68), -13);
        Put(72, "192.0.2.4");
        BinaryPrimitives.WriteInt16LittleEndian(record.AsSpan(80), -1);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(84), -2);
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(88), 7_000_000_000);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(96), -11);
        record[104] = 0xfe;
        return record;

        void Put(int at, string address) => IPAddress.Parse(address).GetAddressBytes().CopyTo(record, at);
    }

    /// <summary>An hour after noon, and after the machine was started, in a place an hour before Greenwich.</summary>
    sealed class Noon : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone { get; } = TimeZoneInfo.CreateCustomTimeZone("east", TimeSpan.FromHours(1), "east", "east");

        public override long TimestampFrequency => 1_000_000_000;

        public override long GetTimestamp() => 3600L * TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => new(2026, 1, 2, 13, 0, 0, TimeSpan.Zero);
    }
}
