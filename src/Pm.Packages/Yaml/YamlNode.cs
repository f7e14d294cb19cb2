namespace Pm.Packages.Yaml;

/// <summary>A value in a YAML document.</summary>
public abstract record YamlNode
{
    private protected YamlNode(TextPosition position) => Position = position;

    /// <summary>Where it begins.</summary>
    public TextPosition Position { get; }

    /// <summary>What it is, for messages: "text", "a list", "a mapping".</summary>
    public string Kind => this switch
    {
        YamlScalar { IsNull: true } => "nothing",
        YamlScalar => "text",
        YamlSequence => "a list",
        _ => "a mapping",
    };
}
