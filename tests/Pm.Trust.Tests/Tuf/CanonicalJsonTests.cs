using System.Text;
using System.Text.Json.Nodes;
using Pm.Trust.Tuf;
using Xunit;

namespace Pm.Trust.Tests.Tuf;

public sealed class CanonicalJsonTests
{
    [Theory]
    [InlineData("""{ "b" : 1, "a" : [ true , null, -5 ] }""", """{"a":[true,null,-5],"b":1}""")]
    [InlineData("""{"a":"quote \" back \\ slash \/ tab \t é \u00e9"}""", "{\"a\":\"quote \\\" back \\\\ slash / tab \t é é\"}")]
    [InlineData("""{"aa":1,"a":2,"B":3,"":4}""", """{"":4,"B":3,"a":2,"aa":1}""")]
    [InlineData("""{"\u00e9":1,"z":2}""", """{"z":2,"é":1}""")]
    public void The_form_is_sorted_without_blanks_and_escapes_two_characters(string json, string canonical) =>
        Assert.Equal(canonical, Canonical(json));

    [Fact]
    public void Members_are_sorted_by_code_point_not_by_UTF16()
    {
        // U+FFFD comes before U+1F600 as a code point; its UTF-16 unit comes after the surrogates.
        Assert.Equal("{\"\uFFFD\":2,\"\U0001F600\":1}", Canonical("{\"\U0001F600\":1,\"\uFFFD\":2}"));
    }

    [Fact]
    public void Order_and_blanks_do_not_change_the_form()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            var node = new JsonArray(Generate(random, 4));
            var shuffled = Shuffle(node, random);

            Assert.Equal(Canonical(node.ToJsonString()),
                Canonical(shuffled!.ToJsonString(new System.Text.Json.JsonSerializerOptions { WriteIndented = true })));
        }
    }

    static string Canonical(string json) =>
        Encoding.UTF8.GetString(CanonicalJson.Encode(StrictJson.Parse(Encoding.UTF8.GetBytes(json), 1 << 20, "x")));

    static JsonNode? Generate(Random random, int depth) => random.Next(depth > 0 ? 6 : 4) switch
    {
        0 => JsonValue.Create(random.NextInt64(-StrictJson.MaximumInteger, StrictJson.MaximumInteger)),
        1 => JsonValue.Create(random.Next(2) == 0),
        2 => null,
        3 => JsonValue.Create(Text(random)),
        4 => new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => Generate(random, depth - 1))]),
        _ => new JsonObject(Enumerable.Range(0, random.Next(5)).Select(index =>
            KeyValuePair.Create(Text(random) + index, Generate(random, depth - 1)))),
    };

    static JsonNode? Shuffle(JsonNode? node, Random random) => node switch
    {
        JsonArray array => new JsonArray([.. array.Select(item => Shuffle(item, random))]),
        JsonObject members => new JsonObject(members.OrderBy(_ => random.Next())
            .Select(member => KeyValuePair.Create(member.Key, Shuffle(member.Value, random)))),
        _ => node?.DeepClone(),
    };

    static string Text(Random random) => string.Concat(Enumerable.Range(0, random.Next(6))
        .Select(_ => new Rune(random.Next(3) == 0 ? random.Next(0x10000, 0x10FFFF) : random.Next(1, 0xD7FF)).ToString()));
}
