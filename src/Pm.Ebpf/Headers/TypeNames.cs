using System.Globalization;
using Pm.Ebpf.Btf;

namespace Pm.Ebpf.Headers;

/// <summary>Gives each type, and each value of an enumeration, a name that nothing else has in its name space of C.</summary>
sealed class TypeNames
{
    readonly Dictionary<string, int> _tags = new(StringComparer.Ordinal);
    readonly Dictionary<string, int> _words = new(StringComparer.Ordinal);
    readonly Dictionary<int, string> _given = [];

    /// <summary>The name of a struct, union, enumeration (tags of C) or typedef.</summary>
    public string Of(BtfType type)
    {
        if (!_given.TryGetValue(type.Id, out var name))
        {
            var space = type.Kind is BtfKind.Typedef ? _words : _tags;
            _given.Add(type.Id, name = Unique(space, type.Name));
        }

        return name;
    }

    /// <summary>A name among those of typedefs, functions and values.</summary>
    public string Word(string name) => Unique(_words, name);

    static string Unique(Dictionary<string, int> space, string name)
    {
        var text = Plain(name);
        for (; ; )
        {
            var count = space[text] = space.GetValueOrDefault(text) + 1;
            if (count == 1)
            {
                return text;
            }

            text = string.Create(CultureInfo.InvariantCulture, $"{text}___{count}");
        }
    }

    /// <summary>A name from a hostile file must not end what is written around it.</summary>
    public static string Plain(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') ? name
        : "_" + string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
}
