using System.Text;

namespace Pm.Packages.Toml;

/// <summary>One step on the way to a value: a key of a table, or the number of an item of an array, from 0.</summary>
public readonly record struct TomlStep
{
    public TomlStep(string key) => Key = key;

    public TomlStep(int index) => Index = index;

    /// <summary>The key; null for an item.</summary>
    public string? Key { get; }

    public int Index { get; }

    public static implicit operator TomlStep(string key) => new(key);

    public static implicit operator TomlStep(int index) => new(index);

    public override string ToString() => Key is null ? $"[{Index}]" : TomlExpression.Key(Key);

    /// <summary>As messages write a path: <c>module[1].name</c>.</summary>
    internal static string Text(ReadOnlySpan<TomlStep> path)
    {
        var text = new StringBuilder();
        foreach (var step in path)
        {
            text.Append(text.Length == 0 || step.Key is null ? "" : ".").Append(step);
        }

        return text.ToString();
    }
}
