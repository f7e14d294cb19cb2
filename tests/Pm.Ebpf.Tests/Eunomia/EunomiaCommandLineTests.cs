using System.Text;
using System.Text.Json;
using Pm.Ebpf.Eunomia;
using Pm.Ebpf.Parameters;
using Xunit;

namespace Pm.Ebpf.Tests.Eunomia;

public class EunomiaCommandLineTests
{
    /// <summary>Each case of the original's own tests.</summary>
    [Fact]
    public void The_public_cases_hold()
    {
        var meta = EunomiaMeta.Parse(PackageText.Vector("arg_builder_test/skel.json"), "p");
        var line = EunomiaCommandLine.Of(meta);
        foreach (var expected in PackageText.Expected("arg_builder").EnumerateArray())
        {
            string[] words = [.. expected.GetProperty("argv").EnumerateArray().Select(w => w.GetString()!)];
            if (expected.TryGetProperty("error", out var error))
            {
                var e = Assert.Throws<ParameterException>(() => Bytes(meta, line.Parse(words)));
                Assert.True(error.ValueKind is not JsonValueKind.String || e.Message == error.GetString(), e.Message);
                continue;
            }

            var values = line.Parse(words).Values;
            foreach (var member in Members(expected, "values"))
            {
                Assert.Equal(member.Value.GetString(), values.GetValueOrDefault(member.Name));
            }

            foreach (var member in Members(expected, "flags"))
            {
                Assert.Equal(member.Value.GetBoolean() ? "true" : "false", values[member.Name]);
            }

            var bytes = Bytes(meta, line.Parse(words));
            foreach (var member in Members(expected, "typed"))
            {
                Assert.Equal(Typed(member.Value), Trimmed(bytes[member.Name]));
            }
        }
    }

    [Theory]
    [InlineData("--cv1=5")]
    [InlineData("-1", "5")]
    [InlineData("-15")]
    public void A_value_stands_behind_its_flag_in_any_of_the_usual_ways(params string[] words) =>
        Assert.Equal("5", Line("""{"name":"v","type":"int","cmdarg":{"long":"cv1","short":"1"}}""").Parse(words).Values["v"]);

    [Theory]
    [InlineData("unexpected argument `--b` found; did you mean `--a`?", "--b")]
    [InlineData("a value is required for `--a <v>` but none was supplied", "--a")]
    [InlineData("a value is required for `--a <v>` but none was supplied", "--a", "--verbose")]
    [InlineData("the argument `--a <v>` cannot be used multiple times", "--a", "1", "--a", "2")]
    [InlineData("unexpected argument `word` found", "word")]
    public void What_is_wrong_is_said(string message, params string[] words) =>
        Assert.Equal(message, Assert.Throws<ParameterException>(() => Line("""{"name":"v","type":"int","cmdarg":{"long":"a"}}""").Parse(words)).Message);

    [Theory]
    [InlineData("""{"name":"v","type":"bool","value":7}""", "variable `v`: Only expected bool values in bool variables")]
    [InlineData("""{"name":"v","type":"int","value":true}""", "variable `v`: a default value may only be a number or a string")]
    [InlineData("""{"name":"v","type":"int","value":[1]}""", "variable `v`: a default value may only be a number or a string")]
    [InlineData("""{"name":"verbose","type":"bool"}""", "variable `verbose`: its flag `--verbose` is another's")]
    [InlineData("""{"name":"a","type":"int"},{"name":"b","type":"int","cmdarg":{"long":"a"}}""", "variable `b`: its flag `--a` is another's")]
    public void What_a_package_cannot_mean_is_refused(string variables, string message) =>
        Assert.Equal(message, Assert.Throws<EbpfFormatException>(() => Line(variables)).Message);

    [Fact]
    public void Variables_that_keep_a_type_are_no_flags() =>
        Assert.Empty(Line("""{"name":"__eunomia_dummy_event_ptr","type":"struct event *"}""").Flags);

    [Fact]
    public void Help_is_made_of_what_the_package_says()
    {
        var meta = Meta("""{"name":"v","type":"int","value":7,"cmdarg":{"short":"v"}},{"name":"on","type":"bool","value":true,"description":"be on"}""", """ ,"doc":{"brief":"says much","version":"2.0","details":"the end"}""");
        var line = EunomiaCommandLine.Of(meta);

        Assert.Equal("""
            says much

            Usage: p [OPTIONS]

            Options:
                  --verbose     Whether to show libbpf debug information
              -v, --v <v>       Set value of `int` variable v [default: 7]
                  --disable-on  be on
              -h, --help        Print help
              -V, --version     Print version

            the end
            """.ReplaceLineEndings("\n"), line.Help());
        Assert.Equal("p 2.0", line.Version());
        Assert.Equal("p 0.1.0", Line("").Version());
        Assert.StartsWith("A simple eBPF program\n\nUsage: p [OPTIONS]\n", Line("").Help(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("int", "-2147483648", "00000080")]
    [InlineData("pid_t", "7", "07000000")]
    [InlineData("short", "-1", "FFFF")]
    [InlineData("long long", "-2", "FEFFFFFFFFFFFFFF")]
    [InlineData("long", "1", "0100000000000000")]
    [InlineData("unsigned short", "65535", "FFFF")]
    [InlineData("unsigned int", "4294967295", "FFFFFFFF")]
    [InlineData("unsigned long long", "18446744073709551615", "FFFFFFFFFFFFFFFF")]
    [InlineData("float", "1.5", "0000C03F")]
    [InlineData("double", "1.5", "000000000000F83F")]
    [InlineData("bool", "true", "01")]
    [InlineData("char[4]", "abc", "61626300")]
    public void Values_are_little_endian(string type, string text, string hex) => Assert.Equal(hex, Convert.ToHexString(EunomiaValues.Bytes(Variable(type), text, hex.Length / 2)));

    [Theory]
    [InlineData("int", "2147483648", 4, "Failed to parse `2147483648` into i32")]
    [InlineData("short", "1.0", 2, "Failed to parse `1.0` into i16")]
    [InlineData("unsigned int", "-1", 4, "Failed to parse `-1` into u32")]
    [InlineData("unsigned long long", "0x10", 8, "Failed to parse `0x10` into u64")]
    [InlineData("float", "much", 4, "Failed to parse `much` into f32")]
    [InlineData("double", "", 8, "Failed to parse `` into f64")]
    [InlineData("bool", "1", 1, "Failed to parse `1` into bool")]
    [InlineData("struct x", "1", 4, "Not supporting parsing into type `struct x`")]
    [InlineData("char *", "1", 8, "Not supporting parsing into type `char *`")]
    [InlineData("char[4]", "abcd", 4, "`abcd` is too long: at most 3 bytes, got 4")]
    [InlineData("char[400]", "abcd", 4, "`abcd` is too long: at most 3 bytes, got 4")]
    [InlineData("int", "70000", 2, "variable `v`: i32 does not fit into 2 bytes")]
    [InlineData("int", "-70000", 2, "variable `v`: i32 does not fit into 2 bytes")]
    [InlineData("double", "1", 4, "variable `v`: f64 does not fit into 4 bytes")]
    public void What_is_no_value_is_refused(string type, string text, int size, string message) =>
        Assert.Equal(message, Assert.Throws<ParameterException>(() => EunomiaValues.Bytes(Variable(type), text, size)).Message);

    [Fact]
    public void Values_go_to_the_variables_of_the_object()
    {
        var spec = SampleObject.Spec("figures");
        var meta = Meta("""{"name":"const_val_1","type":"int"},{"name":"const_val_3","type":"char[100]","value":"text"}""");

        var values = EunomiaValues.Of(meta, spec, EunomiaCommandLine.Of(meta).Parse([]));

        Assert.Equal(new byte[4], values["const_val_1"].ToArray());
        Assert.Equal([.. "text"u8, .. new byte[96]], values["const_val_3"].ToArray());
        Assert.Equal(
            "Variable `const_val_1` has neither default values nor command-line sources",
            Assert.Throws<ParameterException>(() => EunomiaValues.Of(meta, spec, EunomiaCommandLine.Of(meta).Parse([]), isStrict: true)).Message);
        Assert.Equal(
            "figures.o: variable `nowhere`: the object has none of that name in section `.rodata`",
            Assert.Throws<EbpfFormatException>(() => EunomiaValues.Of(Meta("""{"name":"nowhere","type":"int"}"""), spec, new EunomiaArguments(new Dictionary<string, string>(), false))).Message);
    }

    static JsonElement.ObjectEnumerator Members(JsonElement element, string name) => element.TryGetProperty(name, out var found) ? found.EnumerateObject() : default;

    /// <summary>As the parser does it, with the sizes that C gives the types.</summary>
    static Dictionary<string, byte[]> Bytes(EunomiaMeta meta, EunomiaArguments arguments) => meta.Variables
        .Where(v => v.IsFlag && arguments.Values.ContainsKey(v.Name))
        .ToDictionary(v => v.Name, v => EunomiaValues.Bytes(v, arguments.Values[v.Name], v.Type switch { "int" => 4, "long long" => 8, "bool" => 1, _ => 100 }));

    static byte[] Typed(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => Encoding.UTF8.GetBytes(value.GetString()!),
        JsonValueKind.True => [1],
        _ => Trimmed(BitConverter.GetBytes(value.GetInt64())),
    };

    static byte[] Trimmed(byte[] bytes) => bytes.AsSpan().TrimEnd((byte)0).ToArray();

    static EunomiaVariable Variable(string type) => new() { Section = ".rodata", Name = "v", Type = type, Default = EunomiaDefault.None };

    static EunomiaCommandLine Line(string variables) => EunomiaCommandLine.Of(Meta(variables));

    static EunomiaMeta Meta(string variables, string more = "") => EunomiaMeta.Parse(
        Encoding.UTF8.GetBytes($$"""{"bpf_skel":{"obj_name":"p","data_sections":[{"name":".rodata","variables":[{{variables}}]}]{{more}} } }"""), "p");
}
