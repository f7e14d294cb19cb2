using System.Collections.Immutable;

namespace Pm.Packages.Yaml;

/// <summary>Keys and their values, in the order of the document; no key stands twice.</summary>
public sealed record YamlMapping : YamlNode
{
    internal YamlMapping(TextPosition position, ImmutableArray<KeyValuePair<YamlScalar, YamlNode>> entries)
        : base(position) => Entries = entries;

    public ImmutableArray<KeyValuePair<YamlScalar, YamlNode>> Entries { get; }

    /// <summary>The value of <paramref name="key"/>; null when the key is not there.</summary>
    public YamlNode? this[string key]
    {
        get
        {
            foreach (var (name, value) in Entries)
            {
                if (name.Text == key)
                {
                    return value;
                }
            }

            return null;
        }
    }
}
