using Pm.Ebpf.Notes;
using Pm.Ebpf.Parameters;
using Xunit;

namespace Pm.Ebpf.Tests;

public class ParameterSetTests
{
    [Fact]
    public void Each_global_that_may_be_set_is_a_flag()
    {
        Assert.Equal(
            [
                "target-pid Number 0 (-2147483648 to 2147483647) = pid", "only-root Switch false (--only-root or --no-only-root)", "prefix Text \"\" (at most 15 bytes)",
                "level Choice LEVEL_MIDDLE (LEVEL_LOW, LEVEL_MIDDLE, LEVEL_HIGH)", "smallest Number 3 (0 to 255)", "limit Number -1 (-9223372036854775808 to 9223372036854775807)",
            ],
            Flags().All.Select(p => $"{p.Name} {p.Kind} {p.Default} ({p.Range}){(p.Alias is null ? "" : " = " + p.Alias)}"));
    }

    [Theory]
    [InlineData("--target-pid 7", "target_pid=07000000")]
    [InlineData("--pid=-2", "target_pid=FEFFFFFF")]
    [InlineData("--target_pid 0x10", "target_pid=10000000")]
    [InlineData("--only-root", "only_root=01")]
    [InlineData("--no-only-root", "only_root=00")]
    [InlineData("--only-root --only-root=false", "only_root=00")]
    [InlineData("--smallest 255", "smallest=FF")]
    [InlineData("--limit -9223372036854775808", "limit=0000000000000080")]
    [InlineData("--level LEVEL_HIGH", "level=06000000")]
    [InlineData("--level level-low", "level=00000000")]
    [InlineData("--level 5", "level=05000000")]
    [InlineData("--prefix /etc/", "prefix=2F6574632F0000000000000000000000")]
    [InlineData("", "")]
    public void Values_become_the_bytes_of_the_global(string line, string expected) =>
        Assert.Equal(expected, string.Join(' ', Read(line).Select(v => $"{v.Key}={Convert.ToHexString(v.Value.Span)}")));

    [Theory]
    [InlineData("--smallest 256", "PM8051", "flag `--smallest`: expected 0 to 255, got `256`")]
    [InlineData("--smallest -1", "PM8051", "flag `--smallest`: expected 0 to 255, got `-1`")]
    [InlineData("--smallest 99999999999999999999999999999999999999999", "PM8051", "flag `--smallest`: expected 0 to 255, got `99999999999999999999999999999999999999999`")]
    [InlineData("--smallest 0x", "PM8051", "flag `--smallest`: expected 0 to 255, got `0x`")]
    [InlineData("--limit 9223372036854775808", "PM8051", "flag `--limit`: expected -9223372036854775808 to 9223372036854775807, got `9223372036854775808`")]
    [InlineData("--level LOUD", "PM8051", "flag `--level`: expected LEVEL_LOW, LEVEL_MIDDLE, LEVEL_HIGH, got `LOUD`")]
    [InlineData("--level 1", "PM8051", "flag `--level`: expected LEVEL_LOW, LEVEL_MIDDLE, LEVEL_HIGH, got `1`")]
    [InlineData("--prefix /etc/0123456789a", "PM8051", "flag `--prefix`: expected at most 15 bytes, got `/etc/0123456789a`")]
    [InlineData("--only-root=maybe", "PM8051", "flag `--only-root`: expected --only-root or --no-only-root, got `maybe`")]
    [InlineData("--limit", "PM8051", "flag `--limit` needs a value: -9223372036854775808 to 9223372036854775807")]
    [InlineData("--only-rot", "PM8050", "there is no flag `--only-rot`; did you mean `--only-root`?")]
    [InlineData("--no-limit", "PM8050", "there is no flag `--no-limit`; did you mean `limit`?")]
    [InlineData("--unused", "PM8050", "there is no flag `--unused`; did you mean ")]
    [InlineData("word", "PM8050", "there is no flag `word`")]
    [InlineData("--no-only-root=1", "PM8051", "flag `--no-only-root` takes no value, got `1`")]
    [InlineData("--no-only-root=", "PM8051", "flag `--no-only-root` takes no value, got ``")]
    public void What_will_not_do_is_refused(string line, string code, string why)
    {
        var e = Assert.Throws<ParameterException>(() => Read(line));

        Assert.Equal(code, e.Code);
        Assert.StartsWith(why.Split("; did you mean ")[0], e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--address 10.0.0.1", "target_address=0A000001")]
    [InlineData("--far 2001:db8::7", "far=20010DB8000000000000000000000007")]
    [InlineData("--far 10.0.0.1", "far=00000000000000000000FFFF0A000001")]
    [InlineData("--near ::1", "near=00000000000000000000000000000001")]
    [InlineData("--signal KILL", "target_signal=09000000")]
    [InlineData("--signal sigint", "target_signal=02000000")]
    [InlineData("--signal 34", "target_signal=22000000")]
    [InlineData("--signal SIGRTMIN+1", "target_signal=23000000")]
    public void Addresses_and_signals_are_written_as_people_write_them(string line, string expected) =>
        Assert.Contains(expected, ParameterSet.Of(SampleObject.Spec("readings")).Read(line.Split(' ')).Select(v => $"{v.Key}={Convert.ToHexString(v.Value.Span)}"));

    [Fact]
    public void What_the_notes_say_of_a_value_is_what_help_says() =>
        Assert.Equal(
            [
                "--target-address, --address ADDRESS: an IPv4 address; 192.0.2.1", "--far ADDRESS: an IPv6 or IPv4 address; ::", "--near ADDRESS: an IPv6 or IPv4 address; ::",
                "--target-signal, --signal SIGNAL: a signal, by name or number; SIGTERM",
            ],
            ParameterSet.Of(SampleObject.Spec("readings")).All.Select(p => $"{p.Usage}: {p.Range}; {p.Default}"));

    /// <summary>Anybody's object: a section gives a variable fewer bytes than its type has, and no byte behind them is its own.</summary>
    [Fact]
    public void A_variable_that_is_shorter_than_an_address_is_none()
    {
        var spec = SampleObject.Spec("readings");
        var hostile = spec with { Globals = [.. spec.Globals.Select(g => g.Name is "far" or "near" ? g with { Size = 2, Default = g.Default[..Math.Min(2, g.Default.Length)] } : g)] };

        Assert.DoesNotContain(ParameterSet.Of(hostile).All, p => p.Kind is ParameterKind.Address && p.Global.Name is "far" or "near" && p.Default.Contains(':', StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--address 1", "an IPv4 address")]
    [InlineData("--address 010.0.0.1", "an IPv4 address")]
    [InlineData("--address 10.0.0.256", "an IPv4 address")]
    [InlineData("--address 0x0a000001", "an IPv4 address")]
    [InlineData("--address ::1", "an IPv4 address")]
    [InlineData("--far fe80::1%lo", "an IPv6 or IPv4 address")]
    [InlineData("--far [::1]:80", "an IPv6 or IPv4 address")]
    [InlineData("--near example.org", "an IPv6 or IPv4 address")]
    [InlineData("--signal KILLED", "a signal, by name or number")]
    [InlineData("--signal SIGSIGKILL", "a signal, by name or number")]
    public void What_is_no_address_or_signal_is_refused(string line, string expected)
    {
        var e = Assert.Throws<ParameterException>(() => ParameterSet.Of(SampleObject.Spec("readings")).Read(line.Split(' ')));

        Assert.Equal(("PM8051", $"flag `{line.Split(' ')[0]}`: expected {expected}, got `{line.Split(' ')[1]}`"), (e.Code, e.Message));
    }

    [Fact]
    public void Arrays_are_flags_that_take_a_list() =>
        Assert.Equal(
            [
                "--filter-ports NUMBER,...: at most 64 with commas between them; 0", "--pair NUMBER,...: at most 2 with commas between them, each -32768 to 32767; 1,-2",
                "--bytes NUMBER,...: at most 3 with commas between them, each 0 to 255; 1,2,3", "--name TEXT: at most 3 bytes; \"ab\"",
                "--sides NAME,...: at most 3 with commas between them, each SIDE_LEFT, SIDE_NONE, SIDE_RIGHT; SIDE_NONE,SIDE_RIGHT", "--side NAME: SIDE_LEFT, SIDE_NONE, SIDE_RIGHT; SIDE_NONE",
                "--wanted BOOL,...: at most 2 with commas between them, each true or false; false,true",
                $"--long-list NUMBER,...: at most 40 with commas between them, each 0 or more; {string.Join(',', Enumerable.Repeat(7, 16))},...",
                "--signals SIGNAL,...: at most 2 with commas between them, each a signal, by name or number; SIGTERM,SIGKILL",
                "--peers ADDRESS,...: at most 2 with commas between them, each an IPv4 address; 0.0.0.0", "--peer ADDRESS: an IPv4 address; 0.0.0.0", "--huge NUMBER: 0 or more; 1", "--small NUMBER: ; -1",
            ],
            ParameterSet.Of(SampleObject.Spec("lists")).All.Select(p => $"{p.Usage}: {p.RangeInHelp}; {p.Default}"));

    [Theory]
    [InlineData("--pair 7", "pair=07000000")]
    [InlineData("--pair -1,0x10", "pair=FFFF1000")]
    [InlineData("--pair=3, 4", "pair=03000400")]
    [InlineData("--pair=", "pair=00000000")]
    [InlineData("--pair 3 --pair 4", "pair=03000400")]
    [InlineData("--pair= --pair 4 --pair=", "pair=00000000")]
    [InlineData("--bytes 255,0,1", "bytes=FF0001")]
    [InlineData("--bytes 9", "bytes=090000")]
    [InlineData("--name abc", "name=61626300")]
    [InlineData("--sides side-left,1", "sides=FFFFFFFF0100000000000000")]
    [InlineData("--side -1", "side=FFFFFFFF")]
    [InlineData("--side -0x1", "side=FFFFFFFF")]
    [InlineData("--side 0xffffffff", "side=FFFFFFFF")]
    [InlineData("--side 1", "side=01000000")]
    [InlineData("--wanted true", "wanted=0100")]
    [InlineData("--wanted 0,1", "wanted=0001")]
    [InlineData("--signals INT", "signals=0200000000000000")]
    [InlineData("", "signals=0F00000009000000")]
    [InlineData("--peers 10.0.0.1,192.0.2.1", "peers=0A000001C0000201")]
    [InlineData("--peer 10.0.0.1", "peer=0A000001")]
    [InlineData("--huge 0xffffffffffffffffffffffffffffffff", "huge=FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF")]
    [InlineData("--huge 340282366920938463463374607431768211455", "huge=FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF")]
    [InlineData("--small -170141183460469231731687303715884105728", "small=00000000000000000000000000000080")]
    public void Lists_and_large_numbers_become_the_bytes_of_the_global(string line, string expected) =>
        Assert.Contains(expected, Listed(line).Select(v => $"{v.Key}={Convert.ToHexString(v.Value.Span)}"));

    [Theory]
    [InlineData("--pair 1,2,3", "flag `--pair`: expected at most 2 values, got 3")]
    [InlineData("--pair 1 --pair 2 --pair 3", "flag `--pair`: expected at most 2 values, got 3")]
    [InlineData("--pair 1,32768", "flag `--pair`: value 2: expected -32768 to 32767, got `32768`")]
    [InlineData("--pair 1,", "flag `--pair`: value 2: expected -32768 to 32767, got ``")]
    [InlineData("--bytes abc", "flag `--bytes`: value 1: expected 0 to 255, got `abc`")]
    [InlineData("--bytes 1,-1", "flag `--bytes`: value 2: expected 0 to 255, got `-1`")]
    [InlineData("--sides 2", "flag `--sides`: value 1: expected SIDE_LEFT, SIDE_NONE, SIDE_RIGHT, got `2`")]
    [InlineData("--side 4294967296", "flag `--side`: expected SIDE_LEFT, SIDE_NONE, SIDE_RIGHT, got `4294967296`")]
    [InlineData("--side -2", "flag `--side`: expected SIDE_LEFT, SIDE_NONE, SIDE_RIGHT, got `-2`")]
    [InlineData("--wanted maybe", "flag `--wanted`: value 1: expected true or false, got `maybe`")]
    [InlineData("--peers ::1", "flag `--peers`: value 1: expected an IPv4 address, got `::1`")]
    [InlineData("--pair", "flag `--pair` needs a value: at most 2 values with commas between them, each -32768 to 32767")]
    [InlineData("--huge 340282366920938463463374607431768211456", "flag `--huge`: expected 0 to 340282366920938463463374607431768211455, got `340282366920938463463374607431768211456`")]
    [InlineData("--small 170141183460469231731687303715884105728", "flag `--small`: expected -170141183460469231731687303715884105728 to 170141183460469231731687303715884105727, got `170141183460469231731687303715884105728`")]
    public void A_list_says_which_of_its_values_will_not_do(string line, string why)
    {
        var e = Assert.Throws<ParameterException>(() => Listed(line));

        Assert.Equal(("PM8051", why), (e.Code, e.Message));
    }

    [Fact]
    public void What_no_flag_can_set_is_named() =>
        Assert.Equal(
            ["limits (struct limits)", "grid (int[2][3])", "names (char[2][8])", "place (const void *)"],
            ParameterSet.Of(SampleObject.Spec("lists")).Unsettable.Select(u => $"{u.Name} ({u.Type})"));

    [Theory]
    [InlineData("--limits 1,2", "there is no flag `--limits`: global `limits` is of type struct limits, which none can set")]
    [InlineData("--no-place", "there is no flag `--no-place`: global `place` is of type const void *, which none can set")]
    [InlineData("--grid=1", "there is no flag `--grid`: global `grid` is of type int[2][3], which none can set")]
    [InlineData("--hug 1", "there is no flag `--hug`; did you mean `--huge`?")]
    public void Who_wants_to_set_one_of_these_is_told(string line, string why)
    {
        var e = Assert.Throws<ParameterException>(() => Listed(line));

        Assert.Equal(("PM8050", why), (e.Code, e.Message));
    }

    /// <summary>Anybody's object: a section gives a variable fewer bytes than its type has.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(192)]
    public void A_variable_that_is_shorter_than_its_array_does_no_harm(int size)
    {
        var spec = SampleObject.Spec("lists");
        var flags = ParameterSet.Of(spec with { Globals = [.. spec.Globals.Select(g => g.Name is "filter_ports" ? g with { Size = size, Default = default } : g)] });

        Assert.All(flags.All.Where(p => p.Global.Name == "filter_ports"), p => Assert.Equal(size, flags.Read([$"--filter-ports={p.Default}"])["filter_ports"].Length));
    }

    [Theory]
    [InlineData("--pid x", "flag `--pid`: expected -2147483648 to 2147483647, got `x`")]
    [InlineData("--target_pid=x", "flag `--target_pid`: expected -2147483648 to 2147483647, got `x`")]
    [InlineData("-p x", "flag `-p`: expected -2147483648 to 2147483647, got `x`")]
    [InlineData("-px", "flag `-p`: expected -2147483648 to 2147483647, got `x`")]
    [InlineData("-p", "flag `-p` needs a value: -2147483648 to 2147483647")]
    [InlineData("--process", "flag `--process` needs a value: -2147483648 to 2147483647")]
    public void A_flag_is_called_what_somebody_called_it(string line, string why) =>
        Assert.Equal(why, Assert.Throws<ParameterException>(() => (line.StartsWith("--pid", StringComparison.Ordinal) ? Flags() : Noted()).Read(line.Split(' '))).Message);

    [Fact]
    public void An_unknown_flag_names_those_that_there_are() =>
        Assert.Equal(
            "its flags are --target-pid, --only-root, --prefix, --level, --smallest, --limit", Assert.Throws<ParameterException>(() => Read("--x")).Hint);

    [Fact]
    public void An_object_without_any_says_so() =>
        Assert.Equal("the object has no flags", Assert.Throws<ParameterException>(() => ParameterSet.Of(SampleObject.Spec("nothing")).Read(["--x"])).Hint);

    [Theory]
    [InlineData("--process 7", "target_pid=07000000")]
    [InlineData("-p 7", "target_pid=07000000")]
    [InlineData("-p7", "target_pid=07000000")]
    [InlineData("-p=7", "target_pid=07000000")]
    [InlineData("--target-pid 7 -r", "target_pid=07000000 only_root=01")]
    [InlineData("--prefix -p", "prefix=2D700000000000000000000000000000")]
    [InlineData("--smallest 1", "smallest=01")]
    public void What_an_author_calls_a_flag_is_understood(string line, string expected) =>
        Assert.Equal(expected, string.Join(' ', Noted().Read(line.Split(' ')).Select(v => $"{v.Key}={Convert.ToHexString(v.Value.Span)}")));

    [Fact]
    public void Two_flags_with_one_name_keep_their_own()
    {
        Assert.Equal(
            ["-p --process of one", "-r --only-root ", "- --prefix ", "- --level ", "- --smallest ", "- --limit "], Noted().All.Select(p => $"-{p.Letter} --{p.Name} {p.Help}"));
        Assert.Equal("PM8050", Assert.Throws<ParameterException>(() => Noted().Read(["-x"])).Code);
    }

    /// <summary>Two want to be called process, and two p.</summary>
    [Theory]
    [InlineData("target_pid", "7", "", "target_pid=07000000")]
    [InlineData("target_pid", "7", "--pid 8", "target_pid=08000000")]
    [InlineData("only_root", "true", "", "only_root=01")]
    [InlineData("only_root", "true", "--no-only-root", "only_root=00")]
    [InlineData("smallest", "0", "", "smallest=00")]
    [InlineData("prefix", "\"/a\"", "", "prefix=2F610000000000000000000000000000")]
    [InlineData("prefix", "5", "", "prefix=35000000000000000000000000000000")]
    [InlineData("level", "\"level_high\"", "", "level=06000000")]
    public void What_an_author_states_as_default_is_what_nobody_sets(string name, string stated, string line, string expected)
    {
        var flags = Stated(name, stated);

        Assert.Equal(expected, string.Join(' ', flags.Read(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Select(v => $"{v.Key}={Convert.ToHexString(v.Value.Span)}")));
    }

    [Fact]
    public void Help_has_the_default_that_an_author_states() => Assert.Equal("-9", Stated("target_pid", "-9").All.Single(p => p.Name == "target-pid").Default);

    [Theory]
    [InlineData("only_root", "1", "variable `only_root`: its `default`: expected true or false, got 1")]
    [InlineData("only_root", "\"true\"", "variable `only_root`: its `default`: expected true or false, got \"true\"")]
    [InlineData("target_pid", "true", "variable `target_pid`: its `default`: expected -2147483648 to 2147483647, got true")]
    [InlineData("smallest", "256", "variable `smallest`: its `default`: expected 0 to 255, got 256")]
    [InlineData("smallest", "1.5", "variable `smallest`: its `default`: expected 0 to 255, got 1.5")]
    [InlineData("prefix", "\"/0123456789abcdef\"", "variable `prefix`: its `default`: expected at most 15 bytes, got \"/0123456789abcdef\"")]
    public void A_default_that_a_variable_cannot_have_is_refused(string name, string stated, string why)
    {
        var e = Assert.Throws<EbpfFormatException>(() => Stated(name, stated));

        Assert.Equal("PM8022", e.Code);
        Assert.EndsWith(why, e.Message, StringComparison.Ordinal);
    }

    static ParameterSet Stated(string name, string json) => ParameterSet.Of(SampleObject.Spec("opens") with
    {
        Notes = ObjectNotes.None with { Flags = ObjectNotes.None.Flags.Add(name, new FlagNote { Default = json }) },
    });

    static ParameterSet Noted() => ParameterSet.Of(SampleObject.Spec("opens") with
    {
        Notes = ObjectNotes.Parse(
            """{"flags":{"target_pid":{"long":"process","short":"p","help":"of one"},"only_root":{"short":"r"},"smallest":{"long":"process","short":"p"},"nothing":{"short":"x"}}}"""u8.ToArray(), "x"),
    });

    static ParameterSet Flags() => ParameterSet.Of(SampleObject.Spec("opens"));

    /// <summary>A blank behind a comma separates no words.</summary>
    static IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Listed(string line) =>
        ParameterSet.Of(SampleObject.Spec("lists")).Read([.. line.Replace(", ", ",\t", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

    static IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Read(string line) => Flags().Read(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
