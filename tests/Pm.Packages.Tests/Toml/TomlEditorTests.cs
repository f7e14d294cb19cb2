using Pm.Packages.Toml;
using Xunit;

namespace Pm.Packages.Tests.Toml;

public class TomlEditorTests
{
    const string Manifest = """
        # The manifest of foo.

        [package]
        name    = "foo" # the name
        version = '1.0.0'

        # What foo needs.
        [dependencies]
        bar = "^1" # keep

        # Own line.
        baz.version = "2"   # dotted
        qux = { version = "3", features = ["a"] }

        [[module]]
        name = "one"
        [[module]]
        name = "two"

        # The end.

        """;

    [Theory]
    [InlineData("a = 1 # c\n", "a = 2 # c\n")]
    [InlineData("  a='x'\r\nb = 1", "  a=2\r\nb = 1")]
    [InlineData("a = [\n1, # one\n]\n", "a = 2\n")]
    [InlineData("a = {b = 1}\n", "a = 2\n")]
    public void What_is_there_is_replaced_alone(string before, string after) => Edited(before, after, e => e.Set(["a"], TomlExpression.Of(2)));

    [Theory]
    [InlineData("", "a = 2\n")]
    [InlineData("\uFEFF", "\uFEFFa = 2\n")]
    [InlineData("# c", "# c\na = 2\n")]
    [InlineData("b = 1", "b = 1\na = 2\n")]
    [InlineData("b = 1 # c\n\n# d\n", "b = 1 # c\na = 2\n\n# d\n")]
    [InlineData("  b=1\r\n\r\n[t]\r\n", "  b=1\r\n  a=2\r\n\r\n[t]\r\n")]
    [InlineData("bbbb   = 1\n", "bbbb   = 1\na      = 2\n")]
    [InlineData("[t]\n", "a = 2\n\n[t]\n")]
    [InlineData("# file\n\n# of t\n[t]\n", "# file\n\na = 2\n\n# of t\n[t]\n")]
    [InlineData("b = '''\n# no comment\n'''\n[t]\n", "b = '''\n# no comment\n'''\na = 2\n[t]\n")]
    public void A_new_key_of_the_document_stands_before_all_headers(string before, string after) =>
        Edited(before, after, e => e.Set(["a"], TomlExpression.Of(2)));

    [Theory]
    [InlineData("[t]\n\n[u]\n", "[t]\na = 2\n\n[u]\n")]
    [InlineData("  [t] # c", "  [t] # c\n  a = 2\n")]
    [InlineData("[t]\n\tb = 1\n# end\n[u]", "[t]\n\tb = 1\n\ta = 2\n# end\n[u]")]
    [InlineData("[t.u]\nb = 1\n[t]\nc = 1\n", "[t.u]\nb = 1\n[t]\nc = 1\na = 2\n")]
    [InlineData("[[t]]\n[t.u]\n", "[[t]]\na = 2\n[t.u]\n")]
    public void A_new_key_of_a_table_stands_behind_its_last(string before, string after) =>
        Edited(before, after, e => e.Set(before.Contains("[[", StringComparison.Ordinal) ? ["t", 0, "a"] : ["t", "a"], TomlExpression.Of(2)));

    [Theory]
    [InlineData("x = {}\n", "x = { a = 2 }\n")]
    [InlineData("x = { }\n", "x = { a = 2 }\n")]
    [InlineData("x = { b = 1 } # c\n", "x = { b = 1, a = 2 } # c\n")]
    [InlineData("x = {b=1}\n", "x = {b=1, a=2}\n")]
    [InlineData("x = {b.c = [1, {d = 1}]}\n", "x = {b.c = [1, {d = 1}], a = 2}\n")]
    [InlineData("x.y = 1\nz = 1\n", "x.y = 1\nx.a = 2\nz = 1\n")]
    [InlineData(" \"x\" . y.z = 1 # c\n[t]\n", " \"x\" . y.z = 1 # c\n \"x\".a = 2\n[t]\n")]
    [InlineData("[x.y]\nz = 1\n", "[x]\na = 2\n\n[x.y]\nz = 1\n")]
    [InlineData("[w]\n\n# about y\n[x.y]\nz = 1\n", "[w]\n\n[x]\na = 2\n\n# about y\n[x.y]\nz = 1\n")]
    [InlineData("w = 1\n", "w = 1\n\n[x]\na = 2\n")]
    [InlineData("[w]\n[v]\n", "[w]\n[v]\n[x]\na = 2\n")]
    [InlineData("[w]\n\n[v]\n\n", "[w]\n\n[v]\n\n[x]\na = 2\n")]
    [InlineData("[w]\n\n[v] # c", "[w]\n\n[v] # c\n\n[x]\na = 2\n")]
    public void A_new_key_is_written_as_its_table_is(string before, string after) =>
        Edited(before, after, e => e.Set(["x", "a"], TomlExpression.Of(2)));

    [Theory]
    [InlineData("x = { y = { b = 1 } }\n", "x = { y = { b = 1, a = 2 } }\n")]
    [InlineData("x = { b = 1 }\n", "x = { b = 1, y.a = 2 }\n")]
    [InlineData("x = { y.b = 1 }\n", "x = { y.b = 1, y.a = 2 }\n")]
    [InlineData("x.b = 1\n", "x.b = 1\nx.y.a = 2\n")]
    [InlineData("[x]\nb = 1\n", "[x]\nb = 1\n\n[x.y]\na = 2\n")]
    [InlineData("[x]\nb = 1\n\n[x.z]\n\n# of u\n[u]\n", "[x]\nb = 1\n\n[x.z]\n\n[x.y]\na = 2\n\n# of u\n[u]\n")]
    [InlineData("[x]\ny.b = 1\nc = 1\n", "[x]\ny.b = 1\ny.a = 2\nc = 1\n")]
    [InlineData("", "[x.y]\na = 2\n")]
    public void A_new_table_stands_behind_what_belongs_to_its_parent(string before, string after) =>
        Edited(before, after, e => e.Set(["x", "y", "a"], TomlExpression.Of(2)));

    [Fact]
    public void A_table_of_an_item_stands_among_the_items_lines()
    {
        Edited(
            "[[m]]\nn = 1\n\n[[m]]\nn = 2\n",
            "[[m]]\nn = 1\n\n[m.b]\na = 2\n\n[[m]]\nn = 2\n",
            e => e.Set(["m", 0, "b", "a"], TomlExpression.Of(2)));
    }

    [Theory]
    [InlineData("x = 1\n", "x")]
    [InlineData("x = [1]\n", "x")]
    [InlineData("[[x]]\n", "x")]
    [InlineData("[x]\na.b = 1\n", "")]
    public void What_does_not_fit_is_refused_and_changes_nothing(string before, string at)
    {
        var editor = new TomlEditor(Sample.Bytes(before), "x");

        var fault = Assert.Throws<PackageFormatException>(() => editor.Set(at.Length == 0 ? ["x", "a"] : [at, "a", "b"], TomlExpression.Of(2)));

        Assert.Equal("PM2104", fault.Code);
        Assert.StartsWith("x:", fault.Where, StringComparison.Ordinal);
        Assert.Equal(before, Sample.Text(editor.Document.Bytes.Span));
    }

    [Theory]
    [InlineData("a = 1 # c\nb = 2\n", "b = 2\n")]
    [InlineData("# own\n  a = '''\nx\n''' # c\r\n\r\nb = 2", "# own\n\r\nb = 2")]
    [InlineData("b = 2\na = 1", "b = 2\n")]
    [InlineData("a.b = 1\nc = 1\na.d = 2\n", "c = 1\n")]
    [InlineData("x = 1\n\n# a\n[a]\nb = 1\n# inside\nc = 1\n\n# sub\n[a.d]\ne = 1\n\n[f]\n", "x = 1\n\n# a\n\n[f]\n")]
    [InlineData("[a.b]\n[c]\n[a]\n", "[c]\n")]
    [InlineData("[[a]]\nb = 1\n\n[[a]]\n\n[c]\n", "[c]\n")]
    public void A_removed_key_takes_its_lines_with_it(string before, string after) => Edited(before, after, e => Assert.True(e.Remove(["a"])));

    [Theory]
    [InlineData("x = {a = 1}\n", "x = {}\n")]
    [InlineData("x = { a = 1, b = 2 }\n", "x = { b = 2 }\n")]
    [InlineData("x = { b = 2, a = 1 }\n", "x = { b = 2 }\n")]
    [InlineData("x = {b=2,a=1,c=3} # c\n", "x = {b=2,c=3} # c\n")]
    [InlineData("x = {a.b = 1, c = 1, a.d = {}}\n", "x = {c = 1}\n")]
    [InlineData("x = {a.b = 1, a.d = {}}\n", "x = {}\n")]
    [InlineData("[x]\nb = 1\na = 2 # gone\n", "[x]\nb = 1\n")]
    [InlineData("[x]\n[x.a]\n[y]\n", "[x]\n[y]\n")]
    [InlineData("x.a = 1\nx.b = 2\n", "x.b = 2\n")]
    public void A_key_is_removed_from_each_form_of_table(string before, string after) => Edited(before, after, e => Assert.True(e.Remove(["x", "a"])));

    [Theory]
    [InlineData("x = []\n", "x = [9]\n")]
    [InlineData("x = [ ]\n", "x = [9]\n")]
    [InlineData("x = [\n  # none\n]\n", "x = [\n  # none\n    9,\n]\n")]
    [InlineData("x = [1, 2] # c\n", "x = [1, 2, 9] # c\n")]
    [InlineData("x = [1, 2,]\n", "x = [1, 2, 9,]\n")]
    [InlineData("x = [\n  1,\n  2, # two\n]\n", "x = [\n  1,\n  2, # two\n  9,\n]\n")]
    [InlineData("x = [\r\n  1,\r\n  2 # two\r\n]\r\n", "x = [\r\n  1,\r\n  2, # two\r\n  9\r\n]\r\n")]
    [InlineData("x = [\n  1,\n  2]\n", "x = [\n  1,\n  2,\n  9]\n")]
    [InlineData("x = [ # c, d\n  '#,' ]\n", "x = [ # c, d\n  '#,',\n  9 ]\n")]
    [InlineData("", "x = [9]\n")]
    public void An_item_is_added_as_its_neighbours_stand(string before, string after) => Edited(before, after, e => e.Append(["x"], TomlExpression.Of(9)));

    [Theory]
    [InlineData("x = [1]\n", 0, "x = []\n")]
    [InlineData("x = [1,]\n", 0, "x = []\n")]
    [InlineData("x = [1, 2, 3]\n", 0, "x = [2, 3]\n")]
    [InlineData("x = [1, 2, 3]\n", 1, "x = [1, 3]\n")]
    [InlineData("x = [1, 2, 3]\n", 2, "x = [1, 2]\n")]
    [InlineData("x = [\n  1, # one\n  2, # two\n]\n", 0, "x = [\n  2, # two\n]\n")]
    [InlineData("x = [\n  1, # one\n  2, # two\n]\n", 1, "x = [\n  1, # one\n]\n")]
    [InlineData("x = [\n  1, # one\n  2 # two\n]\n", 1, "x = [\n  1 # one\n]\n")]
    [InlineData("x = [\n  1, # one\n  2]\n", 1, "x = [\n  1 # one\n  ]\n")]
    [InlineData("x = [1, # one\n  2, 3]\n", 0, "x = [ # one\n  2, 3]\n")]
    [InlineData("[[x]]\na = 1\n\n[x.y]\n\n[[x]]\na = 2\n", 0, "[[x]]\na = 2\n")]
    [InlineData("[[x]]\na = 1\n\n[[x]]\na = 2\n[y]\n", 1, "[[x]]\na = 1\n\n[y]\n")]
    public void An_item_is_removed_with_its_comma_and_its_lines(string before, int item, string after) =>
        Edited(before, after, e => Assert.True(e.Remove(["x", item])));

    [Theory]
    [InlineData("[[x]]\na = 1\n\n[x.y]\nb = 1\n\n[z]\n", "[[x]]\na = 1\n\n[x.y]\nb = 1\n\n[[x]]\na = 9\n\n[z]\n")]
    [InlineData("[[ \"x\" ]] # c\n", "[[ \"x\" ]] # c\n\n[[ \"x\" ]]\na = 9\n")]
    [InlineData("  [[x]]\n  [[x]]\n", "  [[x]]\n  [[x]]\n  [[x]]\n  a = 9\n")]
    [InlineData("x = [{a = 1}]\n", "x = [{a = 1}, { a = 9 }]\n")]
    [InlineData("y = 1\n", "y = 1\n\n[[x]]\na = 9\n")]
    [InlineData("y = 1\r\n", "y = 1\r\n\r\n[[x]]\r\na = 9\r\n")]
    public void A_table_is_added_to_an_array_of_tables(string before, string after) =>
        Edited(before, after, e => e.AppendTable(["x"], [KeyValuePair.Create("a", TomlExpression.Of(9))]));

    [Fact]
    public void Many_edits_of_a_manifest_leave_the_rest_alone()
    {
        var editor = new TomlEditor(Sample.Bytes(Manifest), "pm.toml");

        editor.Set(["package", "version"], TomlExpression.Of("1.1.0"));
        editor.Set(["package", "licence"], TomlExpression.Of("MIT"));
        editor.Set(["dependencies", "new"], TomlExpression.Of("^4"));
        editor.Set(["dependencies", "qux", "version"], TomlExpression.Of("4"));
        editor.Append(["dependencies", "qux", "features"], TomlExpression.Of("b"));
        editor.Set(["dependencies", "baz", "features"], TomlExpression.Array([TomlExpression.Of("x")]));
        editor.Remove(["dependencies", "bar"]);
        editor.Set(["dependencies", "private", "hidden"], TomlExpression.Of("*"));
        editor.AppendTable(["module"], [KeyValuePair.Create("name", TomlExpression.Of("three"))]);

        Assert.Equal(
            """
            # The manifest of foo.

            [package]
            name    = "foo" # the name
            version = "1.1.0"
            licence = "MIT"

            # What foo needs.
            [dependencies]

            # Own line.
            baz.version = "2"   # dotted
            baz.features = ["x"]
            qux = { version = "4", features = ["a", "b"] }
            new = "^4"

            [dependencies.private]
            hidden = "*"

            [[module]]
            name = "one"
            [[module]]
            name = "two"

            # The end.
            [[module]]
            name = "three"

            """,
            Sample.Text(editor.Document.Bytes.Span));
    }

    [Fact]
    public void What_is_not_there_is_not_removed()
    {
        Edited(Manifest, Manifest, e => Assert.False(e.Remove(["dependencies", "none", "at", "all"])));
        Assert.Equal("PM2104", Assert.Throws<PackageFormatException>(() => new TomlEditor(Sample.Bytes(Manifest), "x").Remove(["module", 2])).Code);
    }

    [Fact]
    public void An_edit_that_would_pass_a_limit_changes_nothing()
    {
        var editor = new TomlEditor(Sample.Bytes("a = 1\n"), "x", new TomlLimits { Size = 10 });

        Assert.Equal("PM2102", Assert.Throws<PackageFormatException>(() => editor.Set(["bbbb"], TomlExpression.Of(1))).Code);
        Assert.Equal("a = 1\n", Sample.Text(editor.Document.Bytes.Span));
    }

    static void Edited(string before, string after, Action<TomlEditor> edit)
    {
        var editor = new TomlEditor(Sample.Bytes(before), "x");

        edit(editor);

        Assert.Equal(after, Sample.Text(editor.Document.Bytes.Span));
    }
}
