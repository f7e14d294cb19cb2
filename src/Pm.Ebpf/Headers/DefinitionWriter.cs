using System.Globalization;
using System.Text;
using Pm.Ebpf.Btf;

namespace Pm.Ebpf.Headers;

/// <summary>Writes definitions of types in C, each after what it cannot be written without.</summary>
sealed class DefinitionWriter(BtfFile types, TextWriter target)
{
    /// <summary>How deep what is needed for a definition may nest: a kernel's is some thirty.</summary>
    const int MostNested = 400;

    /// <summary>Characters for each type, and in all at least. A small file could ask for any number, as what has no name is written where it is used; a kernel takes some thirty a type.</summary>
    const int MostForEach = 512;
    const int LeastInAll = 1 << 20;

    /// <summary>Compilers know it, and refuse it.</summary>
    const string BuiltInList = "__builtin_va_list";

    enum State : byte
    {
        None,
        UnderWay,
        Defined,
    }

    readonly State[] _states = new State[types.Count];

    /// <summary>Structs and unions whose name alone was written.</summary>
    readonly bool[] _declared = new bool[types.Count];
    readonly TypeNames _names = new();
    readonly Dictionary<int, int> _alignments = [];
    int _depth;
    long _written;
    int _fillers;

    /// <summary>Writes a type that has a name, or an enumeration without one whose values somebody may use, unless that is done.</summary>
    public void Require(BtfType type)
    {
        switch (type.Kind)
        {
            case BtfKind.Struct or BtfKind.Union or BtfKind.Enum or BtfKind.Enum64 or BtfKind.Typedef or BtfKind.Forward when type.Name.Length > 0:
                Order(type, isWhole: true);
                break;
            case BtfKind.Enum or BtfKind.Enum64 when _states[type.Id] is State.None:
                // One that a member or typedef is of is written there.
                if (!IsUsed(type.Id))
                {
                    target.Write($"{EnumText(type, "")};\n\n");
                }

                break;
            default:
                break;
        }
    }

    /// <summary>Writes the prototype of a function that programs may call.</summary>
    public void WritePrototype(BtfType function)
    {
        Order(function.Target, isWhole: false);
        target.Write($"extern {Declare(function.Target, TypeNames.Plain(function.Name))} __weak __ksym;\n");
    }

    /// <summary>Types that others are of, found once: the enumerations among them are written where they are used.</summary>
    bool IsUsed(int id)
    {
        _used ??= FindUsed();
        return _used[id];
    }

    bool[]? _used;

    bool[] FindUsed()
    {
        var used = new bool[types.Count];
        foreach (var type in types.Types)
        {
            if (type.IsComposite)
            {
                foreach (var member in type.Members)
                {
                    used[member.Type.Id] = true;
                }
            }
            else if (type.Kind is BtfKind.Pointer or BtfKind.Array or BtfKind.Typedef or BtfKind.Const or BtfKind.Volatile or BtfKind.Restrict or BtfKind.TypeTag)
            {
                used[type.Target.Id] = true;
            }
        }

        return used;
    }

    /// <summary>Writes what has to stand before a use of a type: its name, or all of it.</summary>
    void Order(BtfType type, bool isWhole)
    {
        if (_depth++ > MostNested)
        {
            throw types.Wrong($"type {type.Id} needs more than {MostNested} types for its own, one within the other");
        }

        switch (type.Kind)
        {
            case BtfKind.Pointer:
                Order(type.Target, isWhole: false);
                break;
            case BtfKind.Array or BtfKind.Const or BtfKind.Volatile or BtfKind.Restrict or BtfKind.TypeTag or BtfKind.Variable or BtfKind.Function:
                Order(type.Target, isWhole);
                break;
            case BtfKind.FunctionPrototype when _states[type.Id] is State.None:
                _states[type.Id] = State.Defined;
                Order(type.Target, isWhole: false);
                foreach (var parameter in type.Parameters)
                {
                    Order(parameter.Type, isWhole: false);
                }

                break;
            case BtfKind.Typedef:
                OrderTypedef(type, isWhole);
                break;
            case BtfKind.Enum or BtfKind.Enum64 when type.Name.Length > 0 && _states[type.Id] is State.None:
                _states[type.Id] = State.Defined;
                target.Write($"{EnumText(type, "")};\n\n");
                break;
            case BtfKind.Forward when _states[type.Id] is State.None:
                _states[type.Id] = State.Defined;
                target.Write($"{(type.Flag ? "union" : "struct")} {TypeNames.Plain(type.Name)};\n\n");
                break;
            case BtfKind.Struct or BtfKind.Union:
                OrderRecord(type, isWhole);
                break;
            default:
                break;
        }

        _depth--;
    }

    void OrderTypedef(BtfType type, bool isWhole)
    {
        if (type.Name == BuiltInList)
        {
            return;
        }

        if (_states[type.Id] is State.None)
        {
            _states[type.Id] = State.UnderWay;
            Order(type.Target, isWhole: false);
            _states[type.Id] = State.Defined;
            var name = _names.Of(type);
            target.Write(type.Target.Id == 0 && type.Name == "__gnuc_va_list" ? $"typedef {BuiltInList} {name};\n\n" : $"typedef {Declare(type.Target, name)};\n\n");
        }

        if (isWhole)
        {
            Order(type.Target, isWhole: true);
        }
    }

    void OrderRecord(BtfType type, bool isWhole)
    {
        var isNamed = type.Name.Length > 0;
        if (_states[type.Id] is State.Defined || (isNamed && _states[type.Id] is State.UnderWay && isWhole))
        {
            return;
        }

        if (isNamed && !isWhole)
        {
            // What is under way is written later, too.
            if (!_declared[type.Id])
            {
                _declared[type.Id] = true;
                target.Write($"{KindOf(type)} {_names.Of(type)};\n\n");
            }

            return;
        }

        if (isNamed)
        {
            _states[type.Id] = State.UnderWay;
        }

        foreach (var member in type.Members)
        {
            Order(member.Type, isWhole: true);
        }

        _states[type.Id] = State.Defined;
        if (isNamed)
        {
            target.Write($"{RecordText(type, "")};\n\n");
        }
    }

    static string KindOf(BtfType type) => type.Kind is BtfKind.Union ? "union" : "struct";

    /// <summary>A declaration of C: what stands left and right of a name.</summary>
    /// <param name="type">Of what type it is.</param>
    /// <param name="inner">The name, with what was put around it so far.</param>
    /// <param name="indent">Before each line of a struct without a name.</param>
    string Declare(BtfType type, string inner, string indent = "")
    {
        for (; ; )
        {
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

        return string.Join(", ", parameters.Select((p, i) =>
            p.Type.Id == 0 ? i == parameters.Length - 1 && parameters.Length > 1 ? "..." : "void" : Declare(p.Type, p.Name.Length == 0 ? "" : TypeNames.Plain(p.Name))));
    }

    string Base(BtfType type, string indent) => type.Kind switch
    {
        BtfKind.Void => "void",
        BtfKind.Integer or BtfKind.Float => NumberName(type),
        BtfKind.Typedef => type.Name == BuiltInList ? BuiltInList : _names.Of(type),
        BtfKind.Forward => $"{(type.Flag ? "union" : "struct")} {TypeNames.Plain(type.Name)}",
        BtfKind.Struct or BtfKind.Union => type.Name.Length > 0 ? $"{KindOf(type)} {_names.Of(type)}" : RecordText(type, indent),
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
        foreach (var (name, value) in type.Enumerators)
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

    string RecordText(BtfType type, string indent)
    {
        if (_depth++ > MostNested)
        {
            throw types.Wrong($"type {type.Id} nests too deep");
        }

        var text = new StringBuilder(KindOf(type));
        if (type.Name.Length > 0)
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
            text.Append(inner).Append(Declare(member.Type, name, inner)).Append(width).Append(";\n");
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
