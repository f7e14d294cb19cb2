using System.Collections.Immutable;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Pm.Packages.Yaml;

/// <summary>Reads one YAML document under limits: no anchors, aliases, tags, duplicate keys or tabs as indentation.</summary>
/// <remarks>
/// The library parses into events only; its object model recurses without limit and ends the process on deep nesting.
/// Source: docs/formats/meta-yaml.md, YAML 1.2.
/// </remarks>
public sealed class YamlReader
{
    /// <summary>Longest document in bytes.</summary>
    public const int MaximumSize = 1024 * 1024;

    /// <summary>Deepest nesting of lists and mappings.</summary>
    public const int MaximumDepth = 32;

    /// <summary>Most scalars, lists and mappings in a document.</summary>
    public const int MaximumNodes = 100_000;

    readonly YamlSource _source;
    readonly Parser _parser;
    int _nodes;

    YamlReader(YamlSource source)
    {
        _source = source;
        _parser = new Parser(new Scanner(new StringReader(source.Text), skipComments: true));
    }

    /// <summary>The value of the document; null when it is empty or holds comments alone.</summary>
    /// <param name="utf8">The document, with or without a byte order mark.</param>
    /// <param name="file">Its name, for messages.</param>
    /// <exception cref="PackageFormatException">PM2011, PM2012: not YAML, or more of it than is read here.</exception>
    public static YamlNode? Read(ReadOnlySpan<byte> utf8, string file)
    {
        var source = YamlSource.Of(utf8, file);
        try
        {
            return new YamlReader(source).Document();
        }
        catch (YamlException e)
        {
            // The library knows of the tab, but places the fault where the mapping or the text before it begins.
            var isTab = e.Message.Contains(" tab ", StringComparison.Ordinal);
            throw isTab && source.TabFrom((int)e.Start.Line) is { } tab
                ? source.Fault("PM2011", YamlSource.TabMessage, tab, e)
                : source.Fault("PM2011", Plain(e.Message), PositionOf(e.Start), e);
        }
        catch (Exception e) when (e is not (PackageFormatException or OutOfMemoryException))
        {
            // The library reports some malformed input by whatever its collections throw, without a place.
            throw source.Fault("PM2011", "it is not well-formed YAML", new TextPosition(1, 1), e);
        }
    }

    YamlNode? Document()
    {
        Next<StreamStart>();
        if (!_parser.MoveNext() || _parser.Current is StreamEnd)
        {
            return null;
        }

        _parser.MoveNext();
        var node = _parser.Current is DocumentEnd ? null : Node(depth: 0);
        Next<DocumentEnd>();
        if (_parser.MoveNext() && _parser.Current is not StreamEnd)
        {
            throw Fault("PM2012", "a second document begins; one is read");
        }

        return node is YamlScalar { IsNull: true } ? null : node;
    }

    /// <summary>Makes a node of the current event and those that belong to it.</summary>
    YamlNode Node(int depth)
    {
        var current = _parser.Current ?? throw _source.Fault("PM2011", "it ends too early", _source.End);
        _nodes++;
        if (_nodes > MaximumNodes || depth > MaximumDepth)
        {
            throw Fault("PM2012", depth > MaximumDepth
                ? $"it nests deeper than {MaximumDepth} levels"
                : $"it has more than {MaximumNodes} values");
        }

        if (current is AnchorAlias or NodeEvent { Anchor.IsEmpty: false })
        {
            throw Fault("PM2012", "anchors and aliases (& and *) are not read; quote a text that begins so");
        }

        if (current is NodeEvent { Tag.IsEmpty: false })
        {
            throw Fault("PM2012", "tags (!) are not read; quote a text that begins so");
        }

        var position = PositionOf(current.Start);
        _source.CheckIndentation(position);
        return current switch
        {
            Scalar scalar => new YamlScalar(position, scalar.Value, scalar.Style is ScalarStyle.Plain),
            SequenceStart => Sequence(position, depth),
            MappingStart => Mapping(position, depth),
            _ => throw Fault("PM2011", "expected a value"),
        };
    }

    YamlSequence Sequence(TextPosition position, int depth)
    {
        var items = ImmutableArray.CreateBuilder<YamlNode>();
        while (_parser.MoveNext() && _parser.Current is not SequenceEnd)
        {
            items.Add(Node(depth + 1));
        }

        return new YamlSequence(position, items.DrainToImmutable());
    }

    YamlMapping Mapping(TextPosition position, int depth)
    {
        var entries = ImmutableArray.CreateBuilder<KeyValuePair<YamlScalar, YamlNode>>();
        var keys = new HashSet<string>(StringComparer.Ordinal);
        while (_parser.MoveNext() && _parser.Current is not MappingEnd)
        {
            var node = Node(depth + 1);
            if (node is not YamlScalar key)
            {
                throw _source.Fault("PM2012", $"a key is {node.Kind}; only text is read", node.Position);
            }

            if (!keys.Add(key.Text))
            {
                throw _source.Fault("PM2012", $"key {Shown.Quote(key.Text)} stands there twice", key.Position);
            }

            _parser.MoveNext();
            entries.Add(new(key, Node(depth + 1)));
        }

        return new YamlMapping(position, entries.DrainToImmutable());
    }

    void Next<TEvent>()
        where TEvent : ParsingEvent
    {
        if (!_parser.MoveNext() || _parser.Current is not TEvent)
        {
            throw Fault("PM2011", "it is not well-formed YAML");
        }
    }

    PackageFormatException Fault(string code, string message) =>
        _source.Fault(code, message, _parser.Current is { } current ? PositionOf(current.Start) : _source.End);

    static TextPosition PositionOf(in Mark mark) => new((int)Math.Max(mark.Line, 1), (int)Math.Max(mark.Column, 1));

    /// <summary>The library's sentence as one of ours: lower case, no full stop.</summary>
    static string Plain(string message)
    {
        var text = Shown.Line(message).TrimEnd('.', ' ');
        return text.Length == 0 ? "it is not well-formed YAML" : char.ToLowerInvariant(text[0]) + text[1..];
    }
}
