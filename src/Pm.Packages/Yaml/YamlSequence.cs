using System.Collections.Immutable;

namespace Pm.Packages.Yaml;

/// <summary>A list of values.</summary>
public sealed record YamlSequence : YamlNode
{
    internal YamlSequence(TextPosition position, ImmutableArray<YamlNode> items)
        : base(position) => Items = items;

    public ImmutableArray<YamlNode> Items { get; }
}
