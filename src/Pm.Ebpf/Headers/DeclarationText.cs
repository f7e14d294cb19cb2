using System.Globalization;
using System.Text;
using Pm.Ebpf.Btf;

namespace Pm.Ebpf.Headers;

/// <summary>Says in C what a type is: declarations of what has it, and what stands between the braces of structs, unions and enumerations.</summary>
sealed class DeclarationText(BtfFile types)
{
    /// <summary>Compilers know it, and refuse it.</summary>
    public const string BuiltInList = "__builtin_va_list";

    /// <summary>How deep structs without names may nest.</summary>
    const int MostNested = 400;

    /// <summary>Characters for each type, and in all at least. A small file could ask for any number, as what has no name is written where it is used; a kernel takes some thirty a type.</summary>
    const int MostForEach = 512;
    const int LeastInAll = 1 << 20;

    readonly TypeNames _names = new();
    readonly Dictionary<int, int> _alignments = [];
    int _depth;
    long _written;
    int _fillers;

    /// <summary>What a type is called in C.</summary>
    public string NameOf(BtfType type) => _names.Of(type);

    /// <summary>An enumeration, with its values.</summary>
    public string OfEnum(BtfType type) => EnumText(type, "");

    /// <summary>A struct or union, with its members.</summary>
    public string OfRecord(BtfType type) => RecordText(type, "", type.Name.Length > 0);

    /// <summary><c>struct</c> or <c>union</c>.</summary>
    public static string KindOf(BtfType type) => type.Kind is BtfKind.Union ? "union" : "struct";

    /// <summary>A declaration of C: what stands left and right of a name.</summary>
    /// <param name="type">Of what type it is.</param>
    /// <param name="inner">The name, with what was put around it so far.</param>
    /// <param name="indent">Before each line of a struct without a name.</param>
    public string Of(BtfType type, string inner, string indent = "")
    {
        for (var steps = 0; ; steps++)
        {
            if (steps > MostNested)
            {
                // A function may give a pointer to itself.
                throw types.Wrong($"type {type.Id} stands for more than {MostNested} types, one after the other");
            }

            switch (type.Kind)
            {
                case BtfKind.Pointer:
                    inner = SkipQualifiers(type.Target).Kind is BtfKind.Array or BtfKind.FunctionPrototype ? $"(*{inner})" : $"*{inner}";
                    break;
                case BtfKind.Array:
                    inner = string.Create(CultureInfo.InvariantCulture, $"{inner}[{type.Length}]");
                    break;
                case BtfKind.FunctionPrototype:
                    inner = $"{inner}({Parameters(type)})";
                    Count(inner.Length);
                    break;
                case BtfKind.Const:
                    inner = Qualified("const", inner);
                    break;
                case BtfKind.Volatile:
                    inner = Qualified("volatile", inner);
                    break;
                case BtfKind.Restrict:
                    inner = Qualified("restrict", inner);
                    break;
                case BtfKind.TypeTag:
                    break;
                default:
                    Count(inner.Length);
                    return inner.Length == 0 ? Base(type, indent) : $"{Base(type, indent)} {inner}";
            }

            type = type.Target;
        }
    }

    static string Qualified(string word, string inner) =>
        inner.Length == 0 ? word : inner.StartsWith(word + ' ', StringComparison.Ordinal) ? inner : $"{word} {inner}";

    static BtfType SkipQualifiers(BtfType type)
    {
        for (var depth = 0; type.Kind is BtfKind.Const or BtfKind.Volatile or BtfKind.Restrict or BtfKind.TypeTag && depth < BtfLimits.Depth; depth++)
        {
            type = type.Target;
        }

        return type;
    }

    string Parameters(BtfType prototype)
    {
        var parameters = prototype.Parameters;
        if (parameters.IsEmpty)
        {
            return "void";
        }

        // A parameter may be a pointer to a function that has such a parameter; and many small ones make a long text.
        if (_depth++ > MostNested)
        {
            throw types.Wrong($"type {prototype.Id} nests too deep");
        }

        Count(parameters.Length);
        var text = string.Join(", ", parameters.Select((p, i) =>
            p.Type.Id == 0 ? i == parameters.Length - 1 && parameters.Length > 1 ? "..." : "void" : Of(p.Type, p.Name.Length == 0 ? "" : TypeNames.Plain(p.Name))));
        _depth--;
        return text;
    }

    string Base(BtfType type, string indent) => type.Kind switch
    {
        BtfKind.Void => "void",
        BtfKind.Integer or BtfKind.Float => NumberName(type),
        BtfKind.Typedef => type.Name == BuiltInList ? BuiltInList : _names.Of(type),
        BtfKind.Forward => $"{(type.Flag ? "union" : "struct")} {TypeNames.Plain(type.Name)}",
        BtfKind.Struct or BtfKind.Union => type.Name.Length > 0 ? $"{KindOf(type)} {_names.Of(type)}" : RecordText(type, indent, isNamed: false),
        BtfKind.Enum or BtfKind.Enum64 => type.Name.Length > 0 ? $"enum {_names.Of(type)}" : EnumText(type, indent),
        _ => throw types.Wrong($"type {type.Id} of kind {type.Kind} stands where a type of data is expected"),
    };

    /// <summary>The compilers' names are C; of a hostile file nothing but such a name is taken over.</summary>
    string NumberName(BtfType type) => type.Name.Length > 0 && type.Name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or ' ')
        ? type.Name : throw types.Wrong($"type {type.Id}: its name is no number's of C");

    void Count(int characters)
    {
        _written += characters;
        if (_written > LeastInAll + ((long)types.Count * MostForEach))
        {
            throw types.Wrong($"as C {types.Count} types have more than {_written - 1} characters");
        }
    }

    string EnumText(BtfType type, string indent)
    {
        var text = new StringBuilder("enum");
        if (type.Name.Length > 0)
        {
            text.Append(' ').Append(_names.Of(type));
        }

        text.Append(" {\n");
        var values = type.Enumerators;
        if (values.IsEmpty)
        {
            // So the types say of one that is declared only; C knows none without a value.
            text.Append(indent).Append(CultureInfo.InvariantCulture, $"\t__pm_of_{type.Id},\n");
        }

        foreach (var (name, value) in values)
        {
            text.Append(indent).Append('\t').Append(_names.Word(name)).Append(" = ").Append(ValueText(type, value)).Append(",\n");
        }

        text.Append(indent).Append('}');
        Count(text.Length);
        return text.Append(type.Size switch { 1 => " __attribute__((mode(byte)))", 2 => " __attribute__((mode(HI)))", 8 => " __attribute__((mode(word)))", _ => "" }).ToString();
    }

    static string ValueText(BtfType type, long value) => type switch
    {
        { Kind: BtfKind.Enum64, Flag: false } => string.Create(CultureInfo.InvariantCulture, $"{(ulong)value}ULL"),
        { Kind: BtfKind.Enum64 } => string.Create(CultureInfo.InvariantCulture, $"{value}LL"),
        { Flag: false } => ((uint)value).ToString(CultureInfo.InvariantCulture),
        _ => ((int)value).ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>
    /// What a member without a name is of that brings in another struct's members, as Linux has them from 6.19 on; null for other members. In C it needs <c>-fms-extensions</c>: written here without its
    /// name, it needs nothing, and relocations look past such members by the names within.
    /// </summary>
    static BtfType? BroughtIn(BtfMember member)
    {
        if (member.Name.Length > 0 || member.IsBitField)
        {
            return null;
        }

        var type = member.Type;
        for (var depth = 0; type.IsModifier && depth < BtfLimits.Depth; depth++)
        {
            type = type.Target;
        }

        return type.Kind is BtfKind.Struct or BtfKind.Union ? type : null;
    }

    string RecordText(BtfType type, string indent, bool isNamed)
    {
        if (_depth++ > MostNested)
        {
            throw types.Wrong($"type {type.Id} nests too deep");
        }

        var text = new StringBuilder(KindOf(type));
        if (isNamed)
        {
            text.Append(' ').Append(_names.Of(type));
        }

        text.Append(" {\n");
        var inner = indent + "\t";
        var isPacked = RecordLayout.IsPacked(type, _alignments);
        var place = new MemberPlaces(type, isPacked, _alignments, () => _fillers++);
        foreach (var member in type.Members)
        {
            foreach (var filler in place.Before(member))
            {
                text.Append(inner).Append(filler).Append(";\n");
            }

            var name = member.Name.Length == 0 ? "" : TypeNames.Plain(member.Name);
            var width = member.IsBitField ? string.Create(CultureInfo.InvariantCulture, $": {member.BitFieldSize}") : "";
            text.Append(inner).Append(BroughtIn(member) is { } brought ? RecordText(brought, inner, isNamed: false) : Of(member.Type, name, inner)).Append(width).Append(";\n");
        }

        foreach (var filler in place.End())
        {
            text.Append(inner).Append(filler).Append(";\n");
        }

        if (indent.Length == 0 && type.Kind is BtfKind.Struct)
        {
            foreach (var line in FormerMembers.Lines(_names.Of(type), name => type.Members.Any(m => m.Name == name)))
            {
                text.Append(line).Append('\n');
            }
        }

        _depth--;
        Count(text.Length);
        return text.Append(indent).Append('}').Append(isPacked ? " __attribute__((packed))" : "").ToString();
    }
}
