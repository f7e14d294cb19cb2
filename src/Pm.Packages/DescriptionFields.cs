using Pm.Packages.Yaml;

namespace Pm.Packages;

/// <summary>Typed access to the fields of <c>meta.yaml</c>. Every exception is PM2013 and names field and place.</summary>
sealed class DescriptionFields
{
    const int LongestLine = 1000;
    const int LongestText = 64 * 1024;

    readonly YamlMapping _mapping;
    readonly string _where;

    /// <exception cref="PackageFormatException">PM2013: <paramref name="document"/> is not a mapping.</exception>
    public DescriptionFields(YamlNode? document, string where)
    {
        _where = where;
        _mapping = document switch
        {
            YamlMapping mapping => mapping,
            null => throw new PackageFormatException("PM2013", "it is empty; expected `name:`, `version:` and `description:`", where),
            _ => throw new PackageFormatException(
                "PM2013", $"expected fields such as `name:`, got {document.Kind}", $"{where}:{document.Position}"),
        };
    }

    public IEnumerable<YamlScalar> Names => _mapping.Entries.Select(e => e.Key);

    public PackageFormatException Fault(string field, YamlNode node, string message) =>
        new("PM2013", $"field `{field}`: {message}", $"{_where}:{node.Position}");

    public YamlScalar Required(string field) =>
        _mapping[field] is { } node and not YamlScalar { IsNull: true }
            ? Scalar(field, node)
            : throw new PackageFormatException("PM2013", $"field `{field}` is missing", $"{_where}:{_mapping.Position}");

    /// <summary>One line of text; null when the field is absent.</summary>
    public string? Line(string field) =>
        _mapping[field] is { } node and not YamlScalar { IsNull: true } ? Text(field, Scalar(field, node)) : null;

    /// <summary>The items of a list of texts; none when the field is absent.</summary>
    public IEnumerable<YamlScalar> List(string field) => _mapping[field] switch
    {
        null or YamlScalar { IsNull: true } => [],
        YamlSequence list => list.Items.Select(item => Scalar(field, item)),
        var other => throw Fault(field, other, $"expected a list, got {other.Kind}"),
    };

    public IEnumerable<KeyValuePair<YamlScalar, YamlNode>> Mapping(string field) => _mapping[field] switch
    {
        null or YamlScalar { IsNull: true } => [],
        YamlMapping mapping => mapping.Entries,
        var other => throw Fault(field, other, $"expected a mapping, got {other.Kind}"),
    };

    public YamlScalar Scalar(string field, YamlNode node) =>
        node is YamlScalar { IsNull: false } scalar ? scalar : throw Fault(field, node, $"expected text, got {node.Kind}");

    /// <summary>Text that may be shown: of bounded length, and nothing in it that a terminal obeys.</summary>
    public string Text(string field, YamlScalar scalar, bool mayHaveLines = false)
    {
        var text = mayHaveLines ? scalar.Text.ReplaceLineEndings("\n") : scalar.Text;
        var longest = mayHaveLines ? LongestText : LongestLine;
        if (text.Length > longest)
        {
            throw Fault(field, scalar, $"it has {text.Length} characters, at most {longest} are read");
        }

        foreach (var rune in text.EnumerateRunes())
        {
            if (Shown.IsUnsafe(rune) && !(mayHaveLines && rune.Value is '\n' or '\t'))
            {
                throw Fault(field, scalar, $"the character U+{rune.Value:X4} cannot be shown");
            }
        }

        return text;
    }

    /// <summary>What <paramref name="parse"/> makes of a scalar; its exception gets the place.</summary>
    public T Parsed<T>(YamlScalar scalar, Func<string, T> parse)
    {
        try
        {
            return parse(scalar.Text);
        }
        catch (PackageFormatException e) when (e.Where is null)
        {
            throw new PackageFormatException(e.Code, e.Message, $"{_where}:{scalar.Position}", e.Hint, e);
        }
    }
}
