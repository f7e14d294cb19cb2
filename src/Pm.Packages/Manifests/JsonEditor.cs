using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Pm.Packages.Toml;

namespace Pm.Packages.Manifests;

/// <summary>Changes a manifest in JSON as <see cref="TomlEditor"/> changes one in TOML: a few bytes are replaced, and the result is read again.</summary>
public sealed class JsonEditor : IDocumentEditor
{
    const string UsualIndentation = "  ";

    /// <exception cref="PackageFormatException">PM2101, PM2102, PM2111: not UTF-8, too long, not an object of JSON.</exception>
    public JsonEditor(ReadOnlyMemory<byte> utf8, string file) => Document = JsonManifest.Read(utf8, file);

    public TomlDocument Document { get; private set; }

    ReadOnlySpan<byte> Bytes => Document.Bytes.Span;

    /// <summary>What is there is replaced; what is not is added behind its neighbours, in their style.</summary>
    /// <exception cref="PackageFormatException">PM2104: the path leads through what is no table or array, or past an array's end.</exception>
    public void Set(ReadOnlySpan<TomlStep> path, TomlExpression value)
    {
        var at = Root();
        for (var i = 0; i < path.Length; i++)
        {
            if (TryStep(at, path, i) is { } part)
            {
                at = part.Value;
                continue;
            }

            Add(at, path[i..], Json(value));
            return;
        }

        Apply(at.Start, at.End, Json(value));
    }

    /// <exception cref="PackageFormatException">PM2104: the path leads through what is no table or array, or past an array's end.</exception>
    public bool Remove(ReadOnlySpan<TomlStep> path)
    {
        ArgumentOutOfRangeException.ThrowIfZero(path.Length);
        var (at, parent) = (Root(), (JsonTree?)null);
        JsonTree.Part? found = null;
        for (var i = 0; i < path.Length; i++)
        {
            if (TryStep(at, path, i) is not { } part)
            {
                return false;
            }

            (parent, at, found) = (at, part.Value, part);
        }

        var parts = parent!.Parts;
        var number = parts.ToList().IndexOf(found!);
        if (parts.Count == 1)
        {
            Apply(parent.Start + 1, parent.End - 1, "");
        }
        else if (number == 0)
        {
            Apply(found!.Start, parts[1].Start, "");
        }
        else
        {
            Apply(parts[number - 1].Value.End, found!.Value.End, "");
        }

        return true;
    }

    JsonTree Root() => JsonTree.Of(Bytes, Document.Source.Start);

    /// <summary>Null: a key that is not there.</summary>
    JsonTree.Part? TryStep(JsonTree at, ReadOnlySpan<TomlStep> path, int number)
    {
        var step = path[number];
        if (step.Key is { } key)
        {
            return at.IsObject ? at.Parts.LastOrDefault(p => p.Key == key) : throw Misfit($"{Shown.Quote(TomlStep.Text(path[..number]))} is no object", at);
        }

        return at.Kind is JsonTokenType.StartArray && step.Index >= 0 && step.Index < at.Parts.Count
            ? at.Parts[step.Index]
            : throw Misfit($"{Shown.Quote(TomlStep.Text(path[..number]))} has no item {step.Index}", at);
    }

    /// <summary>Adds a member, with the objects that are missing on the way to it.</summary>
    void Add(JsonTree to, ReadOnlySpan<TomlStep> path, string json)
    {
        var names = new List<string>();
        foreach (var step in path)
        {
            names.Add(step.Key ?? throw Misfit($"there is no array for item {step.Index}", to));
        }

        if (to.Parts.Count > 0 && IndentationOf(to.Parts[^1]) is { } beside)
        {
            Apply(to.Parts[^1].Value.End, to.Parts[^1].Value.End, $",{Newline}{beside}{Member(names, json, beside)}");
        }
        else if (to.Parts.Count > 0)
        {
            Apply(to.Parts[^1].Value.End, to.Parts[^1].Value.End, $", {Member(names, json, null)}");
        }
        else
        {
            var around = LineIndentation(to.Start);
            var inside = around + Unit();
            Apply(to.Start, to.End, $"{{{Newline}{inside}{Member(names, json, inside)}{Newline}{around}}}");
        }
    }

    /// <param name="names">The member's, and those of objects in it.</param>
    /// <param name="json">The value of the last.</param>
    /// <param name="indentation">Of its line; null: it stands on one with others.</param>
    string Member(List<string> names, string json, string? indentation)
    {
        var text = new StringBuilder();
        for (var i = 0; i < names.Count; i++)
        {
            text.Append(Quoted(names[i])).Append(": ");
            if (i < names.Count - 1)
            {
                text.Append('{').Append(indentation is null ? " " : Newline + Indented(indentation, i + 1));
            }
        }

        text.Append(json);
        for (var i = names.Count - 2; i >= 0; i--)
        {
            text.Append(indentation is null ? " " : Newline + Indented(indentation, i)).Append('}');
        }

        return text.ToString();
    }

    string Indented(string indentation, int deeper) => indentation + string.Concat(Enumerable.Repeat(Unit(), deeper));

    /// <summary>What a level is indented by: as the first member of the document is.</summary>
    string Unit() => Root().Parts is [var first, ..] && IndentationOf(first) is { Length: > 0 } unit ? unit : UsualIndentation;

    /// <summary>The blanks before a part that begins a line; null where others stand before it.</summary>
    string? IndentationOf(JsonTree.Part part) => LineStart(part.Start) is > 0 and var start && Bytes[start..part.Start].Trim(" \t"u8).IsEmpty ? Encoding.UTF8.GetString(Bytes[start..part.Start]) : null;

    /// <summary>The blanks that the line of a byte begins with.</summary>
    string LineIndentation(int at)
    {
        var line = Bytes[LineStart(at)..at];
        return Encoding.UTF8.GetString(line[..(line.Length - line.TrimStart(" \t"u8).Length)]);
    }

    int LineStart(int at) => Bytes[..at].LastIndexOf((byte)'\n') + 1;

    string Newline => Bytes.IndexOf("\r\n"u8) >= 0 ? "\r\n" : "\n";

    void Apply(int start, int end, string text)
    {
        byte[] bytes = [.. Bytes[..start], .. Encoding.UTF8.GetBytes(text), .. Bytes[end..]];
        Document = JsonManifest.Read(bytes, Document.File);
    }

    PackageFormatException Misfit(string message, JsonTree at) => Document.Fault("PM2104", message, new TomlSpan(at.Start, 1));

    static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    /// <summary>A value on one line, in the style of what pm writes elsewhere.</summary>
    static string Json(TomlExpression value)
    {
        var read = TomlDocument.Read(Encoding.UTF8.GetBytes($"value = {value}"), "value").Root.Find("value")!.Value.Value;
        return Json(read);
    }

    static string Json(TomlValue value) => value.Kind switch
    {
        TomlKind.Text => Quoted(value.Text),
        TomlKind.Boolean => value.Boolean ? "true" : "false",
        TomlKind.Array => $"[{string.Join(", ", value.Array.Items.ToArray().Select(Json))}]",
        TomlKind.Table when value.Table.Entries.Length == 0 => "{}",
        TomlKind.Table => $"{{ {string.Join(", ", value.Table.Entries.ToArray().Select(e => $"{Quoted(e.Key)}: {Json(e.Value)}"))} }}",
        TomlKind.Integer => value.Integer.ToString(System.Globalization.CultureInfo.InvariantCulture),
        _ => throw new ArgumentException("JSON has no form for it", nameof(value)),
    };
}
