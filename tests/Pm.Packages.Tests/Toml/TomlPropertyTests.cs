using System.Text;
using Pm.Packages.Toml;
using Xunit;

namespace Pm.Packages.Tests.Toml;

/// <summary>Random documents and edits from fixed seeds; a failure names its seed.</summary>
public class TomlPropertyTests
{
    const int Documents = 1500;

    [Fact]
    public void What_is_written_in_any_form_is_read_as_it_was_meant() => EachDocument((random, model, text, seed) =>
    {
        var document = TomlDocument.Read(Sample.Bytes(text), "x");

        Assert.Equal(Canonical(model), Canonical(document.Root));
        var again = TomlDocument.Read(Sample.Bytes($"x = {TomlExpression.Of(TomlValue.OfTable(document.Root))}"), "x");
        Assert.Equal($"{{\"x\"={Canonical(model)}}}", Canonical(again.Root));
    });

    [Fact]
    public void Setting_a_value_replaces_its_bytes_alone() => EachDocument((random, model, text, seed) =>
    {
        if (Pick(random, model, isScalar: true) is not { } path)
        {
            return;
        }

        var value = (string)random.Value(0);
        var editor = new TomlEditor(Sample.Bytes(text), "x");
        var span = Find(editor.Document.Root, path).Span;

        editor.Set(path, Expression(value));

        Put(model, path, value);
        Assert.Equal(Canonical(model), Canonical(editor.Document.Root));
        var (before, after) = (Sample.Bytes(text), editor.Document.Bytes);
        Assert.Equal(Encoding.UTF8.GetString(before.AsSpan(0, span.Start)) + value + Encoding.UTF8.GetString(before.AsSpan(span.End)), Sample.Text(after.Span));
    });

    [Fact]
    public void Setting_a_new_key_inserts_bytes_and_changes_none() => EachDocument((random, model, text, seed) =>
    {
        var path = Tables(model, []).ToList() is var tables ? tables[random.Below(tables.Count)] : [];
        TomlStep[] full = random.Below(3) == 0 ? [.. path, "new table", "new"] : [.. path, "new"];
        var editor = new TomlEditor(Sample.Bytes(text), "x");

        editor.Set(full, TomlExpression.Of(1));

        Put(model, full, "1");
        Assert.Equal(Canonical(model), Canonical(editor.Document.Root));
        // Between the braces of an empty inline table the blanks are laid out anew.
        var isEmpty = path.Length > 0 && Find(TomlDocument.Read(Sample.Bytes(text), "x").Root, path) is { Table: { Count: 0, Definition: TomlDefinition.Inline } };
        Assert.True(isEmpty || IsInsertion(text, Sample.Text(editor.Document.Bytes.Span)), $"seed {seed}: {text}\n====\n{Sample.Text(editor.Document.Bytes.Span)}");
    });

    [Fact]
    public void Removing_takes_bytes_and_changes_none() => EachDocument((random, model, text, seed) =>
    {
        if (Pick(random, model, isScalar: false) is not { } path)
        {
            return;
        }

        var editor = new TomlEditor(Sample.Bytes(text), "x");

        Assert.True(editor.Remove(path));

        Take(model, path);
        // A table that only the removed one was the way to is gone with it; and with its last item an array of tables.
        Assert.Equal(WithoutEmpty(Canonical(model)), WithoutEmpty(Canonical(editor.Document.Root)));
        Assert.True(IsPart(Sample.Text(editor.Document.Bytes.Span), text), $"seed {seed}: {text}\n====\n{Sample.Text(editor.Document.Bytes.Span)}");
    });

    [Fact]
    public void Adding_to_an_array_leaves_all_else() => EachDocument((random, model, text, seed) =>
    {
        var arrays = Arrays(model, []).ToList();
        if (arrays.Count == 0)
        {
            return;
        }

        var path = arrays[random.Below(arrays.Count)];
        var editor = new TomlEditor(Sample.Bytes(text), "x");
        var list = (List<object>)Get(model, path);

        editor.AppendTable(path, [KeyValuePair.Create("new", TomlExpression.Of(1))]);

        list.Add(new SortedDictionary<string, object>(StringComparer.Ordinal) { ["new"] = "1" });
        Assert.Equal(Canonical(model), Canonical(editor.Document.Root));
        Assert.True(list.Count == 1 || IsPart(text, Sample.Text(editor.Document.Bytes.Span)), $"seed {seed}: {text}\n====\n{Sample.Text(editor.Document.Bytes.Span)}");
    });

    [Fact]
    public void Reader_and_editor_agree_about_damaged_documents() => EachDocument((random, model, text, seed) =>
    {
        var bytes = Sample.Bytes(text);
        for (var i = 0; i < 5 && bytes.Length > 0; i++)
        {
            bytes[random.Below(bytes.Length)] = "\"'[]{}=.,#\n\r\\x1 "u8[random.Below(16)];
            var (read, edited) = (Outcome(() => TomlDocument.Read(bytes, "x").Root), Outcome(() => new TomlEditor(bytes, "x").Document.Root));
            Assert.Equal(read, edited);
        }
    });

    static string Outcome(Func<TomlTable> read)
    {
        try
        {
            return Canonical(read());
        }
        catch (PackageFormatException e)
        {
            return e.Message;
        }
    }

    static void EachDocument(Action<RandomToml, SortedDictionary<string, object>, string, int> check)
    {
        for (var seed = 0; seed < Documents; seed++)
        {
            var random = new RandomToml(seed);
            var model = random.Table(depth: 3);
            var text = random.Write(model);
            try
            {
                check(random, model, text, seed);
            }
            catch (Exception e) when (e is PackageFormatException or InvalidOperationException or ArgumentException or Xunit.Sdk.EqualException)
            {
                Assert.Fail($"seed {seed}: {e.Message}\n====\n{text}\n====\n{e.StackTrace}");
            }
        }
    }

    static string Canonical(object value) => value switch
    {
        SortedDictionary<string, object> table => $"{{{string.Join(',', table.Select(e => $"{TomlExpression.Of(e.Key)}={Canonical(e.Value)}"))}}}",
        List<object> list => $"[{string.Join(',', list.Select(Canonical))}]",
        _ => (string)value,
    };

    static string Canonical(TomlTable table) =>
        $"{{{string.Join(',', table.Entries.ToArray().OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => $"{TomlExpression.Of(e.Key)}={Canonical(e.Value)}"))}}}";

    static string Canonical(TomlValue value) => value.Kind switch
    {
        TomlKind.Table => Canonical(value.Table),
        TomlKind.Array => $"[{string.Join(',', value.Array.Items.ToArray().Select(Canonical))}]",
        _ => TomlExpression.Of(value).ToString(),
    };

    /// <summary>Without members that are empty tables or arrays, again and again.</summary>
    static string WithoutEmpty(string canonical)
    {
        while (true)
        {
            var next = System.Text.RegularExpressions.Regex.Replace(canonical, "\"(?:[^\"\\\\]|\\\\.)*\"=(\\{\\}|\\[\\]),?", "").Replace(",}", "}", StringComparison.Ordinal);
            if (next == canonical)
            {
                return next;
            }

            canonical = next;
        }
    }

    static TomlExpression Expression(string form) => TomlExpression.Of(TomlDocument.Read(Sample.Bytes($"x = {form}"), "x").Root.Find("x")!.Value.Value);

    static TomlValue Find(TomlTable root, TomlStep[] path)
    {
        var value = TomlValue.OfTable(root);
        foreach (var step in path)
        {
            value = step.Key is { } key ? value.Table.Find(key)!.Value.Value : value.Array.Items[step.Index];
        }

        return value;
    }

    static object Get(object value, ReadOnlySpan<TomlStep> path)
    {
        foreach (var step in path)
        {
            value = step.Key is { } key ? ((SortedDictionary<string, object>)value)[key] : ((List<object>)value)[step.Index];
        }

        return value;
    }

    static void Put(SortedDictionary<string, object> root, TomlStep[] path, string value)
    {
        object at = root;
        for (var i = 0; i < path.Length - 1; i++)
        {
            if (path[i].Key is { } key && !((SortedDictionary<string, object>)at).ContainsKey(key))
            {
                ((SortedDictionary<string, object>)at)[key] = new SortedDictionary<string, object>(StringComparer.Ordinal);
            }

            at = Get(at, [path[i]]);
        }

        if (path[^1].Key is { } last)
        {
            ((SortedDictionary<string, object>)at)[last] = value;
        }
        else
        {
            ((List<object>)at)[path[^1].Index] = value;
        }
    }

    static void Take(SortedDictionary<string, object> root, TomlStep[] path)
    {
        var parent = Get(root, path.AsSpan(..^1));
        if (path[^1].Key is { } last)
        {
            ((SortedDictionary<string, object>)parent).Remove(last);
        }
        else
        {
            ((List<object>)parent).RemoveAt(path[^1].Index);
        }
    }

    static TomlStep[]? Pick(RandomToml random, SortedDictionary<string, object> model, bool isScalar)
    {
        var paths = All(model, []).Where(p => p.Length > 0 && (!isScalar || Get(model, p) is string)).ToList();
        return paths.Count == 0 ? null : paths[random.Below(paths.Count)];
    }

    static IEnumerable<TomlStep[]> Tables(object model, TomlStep[] path) => All(model, path).Where(p => Get(model, p) is SortedDictionary<string, object>);

    static IEnumerable<TomlStep[]> Arrays(object model, TomlStep[] path) => All(model, path).Where(p => Get(model, p) is List<object>);

    static IEnumerable<TomlStep[]> All(object value, TomlStep[] path) => value switch
    {
        SortedDictionary<string, object> table => table.SelectMany(e => All(e.Value, [.. path, e.Key])).Prepend(path),
        List<object> list => list.SelectMany((item, i) => All(item, [.. path, i])).Prepend(path),
        _ => [path],
    };

    /// <summary>Whether <paramref name="after"/> is <paramref name="before"/> with one piece put in.</summary>
    static bool IsInsertion(string before, string after)
    {
        var start = before.Zip(after).TakeWhile(p => p.First == p.Second).Count();
        var end = before.Reverse().Zip(after.Reverse()).TakeWhile(p => p.First == p.Second).Count();
        return start + end >= before.Length;
    }

    /// <summary>Whether <paramref name="whole"/> has all bytes of <paramref name="part"/> in their order.</summary>
    static bool IsPart(string part, string whole)
    {
        var at = 0;
        foreach (var c in whole)
        {
            at += at < part.Length && part[at] == c ? 1 : 0;
        }

        return at == part.Length;
    }
}
