using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pm.Packages.Manifests;
using Pm.Packages.Toml;
using Xunit;

namespace Pm.Packages.Tests.Manifests;

public class JsonEditorTests
{
    [Theory]
    [InlineData("{}", "{\n  \"dependencies\": {\n    \"foo\": \"^1\"\n  }\n}")]
    [InlineData("{\n}\n", "{\n  \"dependencies\": {\n    \"foo\": \"^1\"\n  }\n}\n")]
    [InlineData("{ \"module\": [] }", "{ \"module\": [], \"dependencies\": { \"foo\": \"^1\" } }")]
    [InlineData("{\n    \"module\": []\n}\n", "{\n    \"module\": [],\n    \"dependencies\": {\n        \"foo\": \"^1\"\n    }\n}\n")]
    [InlineData("{\n\t\"dependencies\": {}\n}\n", "{\n\t\"dependencies\": {\n\t\t\"foo\": \"^1\"\n\t}\n}\n")]
    [InlineData("{\n  \"dependencies\": {\n    \"bar\" :  0.10\n  }\n}\n", "{\n  \"dependencies\": {\n    \"bar\" :  0.10,\n    \"foo\": \"^1\"\n  }\n}\n")]
    [InlineData("{\n  \"dependencies\": { \"bar\": 0.10 }\n}\n", "{\n  \"dependencies\": { \"bar\": 0.10, \"foo\": \"^1\" }\n}\n")]
    [InlineData("{\n  \"dependencies\": { \"foo\": { \"version\": 1 }, \"z\": 2 }\n}\n", "{\n  \"dependencies\": { \"foo\": \"^1\", \"z\": 2 }\n}\n")]
    [InlineData("{\r\n  \"a\": 1\r\n}", "{\r\n  \"a\": 1,\r\n  \"dependencies\": {\r\n    \"foo\": \"^1\"\r\n  }\r\n}")]
    public void What_is_set_stands_as_its_neighbours_do(string before, string after)
    {
        var editor = Editor(before);

        editor.Set(["dependencies", "foo"], TomlExpression.Of("^1"));

        Assert.Equal(after, Text(editor));
    }

    [Theory]
    [InlineData("{ \"dependencies\": { \"foo\": 1 } }", "{ \"dependencies\": {} }")]
    [InlineData("{\n  \"dependencies\": {\n    \"foo\": 1,\n    \"bar\": 2\n  }\n}\n", "{\n  \"dependencies\": {\n    \"bar\": 2\n  }\n}\n")]
    [InlineData("{\n  \"dependencies\": {\n    \"bar\": 2,\n    \"foo\": { \"version\": 1 }\n  }\n}\n", "{\n  \"dependencies\": {\n    \"bar\": 2\n  }\n}\n")]
    [InlineData("{ \"dependencies\": { \"a\": 1, \"foo\": 1, \"b\": 2 } }", "{ \"dependencies\": { \"a\": 1, \"b\": 2 } }")]
    public void What_is_removed_leaves_the_others_as_they_were(string before, string after)
    {
        var editor = Editor(before);

        Assert.True(editor.Remove(["dependencies", "foo"]));
        Assert.Equal(after, Text(editor));
        Assert.False(editor.Remove(["dependencies", "foo"]));
        Assert.Equal(after, Text(editor));
    }

    [Fact]
    public void Items_of_arrays_are_reached_by_their_numbers()
    {
        var editor = Editor("{ \"module\": [{ \"name\": \"a\" }, { \"name\": \"b\" }] }");

        editor.Set(["module", 1, "version"], TomlExpression.Table([KeyValuePair.Create("x", TomlExpression.Array([TomlExpression.Of("ü\""), TomlExpression.Of(7), TomlExpression.Of(true)]))]));
        Assert.True(editor.Remove(["module", 0]));

        Assert.Equal("{ \"module\": [{ \"name\": \"b\", \"version\": { \"x\": [\"ü\\\"\", 7, true] } }] }", Text(editor));
    }

    [Theory]
    [InlineData("{ \"a\": 1 }")]
    [InlineData("{ \"a\": [] }")]
    public void A_path_through_what_is_no_object_is_refused(string before)
    {
        var e = Assert.Throws<PackageFormatException>(() => Editor(before).Set(["a", "b"], TomlExpression.Of(1)));

        Assert.Equal("PM2104", e.Code);
        Assert.StartsWith("x:1:8: `a` is no object\n", e.Message, StringComparison.Ordinal);
    }

    /// <summary>Beside a tree that is changed as a whole and knows nothing of places.</summary>
    [Fact]
    public void Many_changes_do_what_a_simple_tree_does()
    {
        var random = new Random(3);
        string[] names = ["a", "b", "\u00e4 \"c\"", "d"];
        for (var round = 0; round < 300; round++)
        {
            var tree = JsonNode.Parse(round % 3 == 0 ? "{}" : """{"a":{"x":1},"list":[1,{"b":2},3]}""")!.AsObject();
            var editor = Editor(tree.ToJsonString(new JsonSerializerOptions { WriteIndented = round % 2 == 0, IndentSize = 1 + round % 4 }));
            for (var change = 0; change < 12; change++)
            {
                TomlStep[] path = [.. Enumerable.Range(0, 1 + random.Next(3)).Select(_ => new TomlStep(names[random.Next(names.Length)]))];
                if (random.Next(3) == 0)
                {
                    Assert.Equal(RemoveFrom(tree, path), Attempt(() => editor.Remove(path)));
                }
                else
                {
                    var number = random.Next(100);
                    Assert.Equal(SetIn(tree, path, number), Attempt(() =>
                    {
                        editor.Set(path, TomlExpression.Of(number));
                        return true;
                    }));
                }

                Assert.True(JsonNode.DeepEquals(tree, JsonNode.Parse(editor.Document.Bytes.Span)), Text(editor));
            }
        }
    }

    static bool? Attempt(Func<bool> change)
    {
        try
        {
            return change();
        }
        catch (PackageFormatException e) when (e.Code == "PM2104")
        {
            return null;
        }
    }

    static bool? RemoveFrom(JsonObject tree, TomlStep[] path)
    {
        var at = tree;
        foreach (var step in path[..^1])
        {
            if (!at.TryGetPropertyValue(step.Key!, out var next))
            {
                return false;
            }

            if (next is not JsonObject inner)
            {
                return null;
            }

            at = inner;
        }

        return at.Remove(path[^1].Key!);
    }

    static bool? SetIn(JsonObject tree, TomlStep[] path, int value)
    {
        var at = tree;
        for (var i = 0; i < path.Length - 1; i++)
        {
            if (!at.TryGetPropertyValue(path[i].Key!, out var next))
            {
                next = at[path[i].Key!] = new JsonObject();
            }

            if (next is not JsonObject inner)
            {
                return null;
            }

            at = inner;
        }

        at[path[^1].Key!] = value;
        return true;
    }

    static JsonEditor Editor(string text) => new(Encoding.UTF8.GetBytes(text), "x");

    static string Text(JsonEditor editor) => Encoding.UTF8.GetString(editor.Document.Bytes.Span);
}
