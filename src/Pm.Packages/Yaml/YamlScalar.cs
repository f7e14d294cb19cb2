namespace Pm.Packages.Yaml;

/// <summary>A scalar as text: <c>2.10</c> stays "2.10", <c>no</c> stays "no".</summary>
public sealed record YamlScalar : YamlNode
{
    internal YamlScalar(TextPosition position, string text, bool isPlain)
        : base(position) => (Text, IsPlain) = (text, isPlain);

    public string Text { get; }

    /// <summary>Neither quoted nor a block.</summary>
    public bool IsPlain { get; }

    /// <summary>An absent value: nothing, <c>~</c> or <c>null</c>, unquoted.</summary>
    public bool IsNull => IsPlain && Text is "" or "~" or "null" or "Null" or "NULL";
}
