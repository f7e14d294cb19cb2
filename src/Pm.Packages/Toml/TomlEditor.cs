using System.Text;

namespace Pm.Packages.Toml;

/// <summary>Changes a document that people write: what is not changed stays as it is, byte for byte.</summary>
/// <remarks>
/// There is no second model beside the reader's: a change replaces a few bytes, found by the places of the values, and the
/// result is read again. So the two cannot disagree, and no change leaves what is not TOML. Source: docs/formats/toml.md.
/// </remarks>
public sealed partial class TomlEditor : IDocumentEditor
{
    readonly TomlLimits _limits;
    readonly string _newline;

    /// <exception cref="PackageFormatException">PM2101–PM2103, as <see cref="TomlDocument.Read"/>.</exception>
    public TomlEditor(ReadOnlyMemory<byte> utf8, string file, TomlLimits? limits = null)
    {
        _limits = limits ?? TomlLimits.Default;
        Document = TomlDocument.ReadForEditing(utf8, file, _limits);
        var end = utf8.Span.IndexOf((byte)'\n');
        _newline = end > 0 && utf8.Span[end - 1] == '\r' ? "\r\n" : "\n";
    }

    /// <summary>The document as it is now.</summary>
    public TomlDocument Document { get; private set; }

    ReadOnlySpan<byte> Bytes => Document.Bytes.Span;

    /// <summary>Follows a path as far as it leads.</summary>
    /// <exception cref="PackageFormatException">PM2104: it leads through what is no table or array, or past an array's end.</exception>
    TomlPlace Find(ReadOnlySpan<TomlStep> path)
    {
        var value = TomlValue.OfTable(Document.Root);
        var parent = value;
        TomlTable? inline = null;
        var inlineAt = 0;
        for (var i = 0; i <= path.Length; i++)
        {
            if (i == path.Length)
            {
                return new TomlPlace(value, i, parent, inline, inlineAt);
            }

            if (value is { Kind: TomlKind.Table, Table.Definition: TomlDefinition.Inline })
            {
                (inline, inlineAt) = (value.Table, i);
            }

            var step = path[i];
            var next = value;
            if (step.Key is { } key)
            {
                if (value.Kind is not TomlKind.Table)
                {
                    throw Misfit($"{Shown.Quote(TomlStep.Text(path[..i]))} is {value.KindName}, and no table", value);
                }

                if (!value.Table.TryGet(key, out next))
                {
                    return new TomlPlace(value, i, parent, inline, inlineAt);
                }
            }
            else
            {
                if (value.Kind is not TomlKind.Array || step.Index < 0 || step.Index >= value.Array.Count)
                {
                    throw Misfit($"{Shown.Quote(TomlStep.Text(path[..i]))} has no item {step.Index}", value);
                }

                next = value.Array.Items[step.Index];
            }

            (parent, value) = (value, next);
        }

        throw new System.Diagnostics.UnreachableException();
    }

    /// <summary>Makes the changes and reads what comes of them; at a fault the document stays as it was.</summary>
    void Apply(params ReadOnlySpan<TomlSplice> splices)
    {
        var bytes = new List<byte>(Bytes.Length + 64);
        var at = 0;
        foreach (var splice in splices)
        {
            bytes.AddRange(Bytes[at..splice.Start]);
            bytes.AddRange(Encoding.UTF8.GetBytes(splice.Text));
            at = splice.End;
        }

        bytes.AddRange(Bytes[at..]);
        Document = TomlDocument.ReadForEditing(bytes.ToArray(), Document.File, _limits);
    }

    PackageFormatException Misfit(string message, TomlValue value) => Document.Fault("PM2104", message, value.Span);

    /// <summary>The lines' ends of a value as the document has them.</summary>
    string Local(TomlExpression value) => value.ToString().Replace("\n", _newline, StringComparison.Ordinal);

    /// <summary>Where the line of a byte begins.</summary>
    int LineStart(int offset) => Math.Max(Bytes[..offset].LastIndexOf((byte)'\n') + 1, Document.Source.Start);

    /// <summary>Where the line behind that of a byte begins, or the document ends.</summary>
    int LineEnd(int offset) => Bytes[offset..].IndexOf((byte)'\n') is var length and >= 0 ? offset + length + 1 : Bytes.Length;

    string Indentation(int offset) => Encoding.UTF8.GetString(Bytes[LineStart(offset)..offset]);

    /// <summary>Whether the line above the one that begins at <paramref name="lineStart"/> is empty, or there is none.</summary>
    bool FollowsEmptyLine(int lineStart) =>
        lineStart <= Document.Source.Start || Bytes[LineStart(lineStart - 1)..lineStart].Trim(" \t\r\n"u8).IsEmpty;

    /// <summary>What ends the last line where it is not ended, so that another can follow.</summary>
    string LineBreakAt(int offset) =>
        offset == Bytes.Length && offset > Document.Source.Start && Bytes[offset - 1] != '\n' ? _newline : "";

    /// <summary>The statements of the document itself: those that begin a line.</summary>
    IEnumerable<TomlStatement> Lines => Document.Statements.Where(s => s.Section.Definition is not TomlDefinition.Inline);
}
