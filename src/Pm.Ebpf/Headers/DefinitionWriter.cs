using Pm.Ebpf.Btf;

namespace Pm.Ebpf.Headers;

/// <summary>Writes definitions of types in C, each once, and after what it cannot be written without. How each is written <see cref="DeclarationText"/> knows.</summary>
sealed class DefinitionWriter(BtfFile types, TextWriter target)
{
    /// <summary>How deep what is needed for a definition may nest: a kernel's is some thirty.</summary>
    const int MostNested = 400;

    enum State : byte
    {
        None,
        UnderWay,
        Defined,
    }

    readonly State[] _states = new State[types.Count];

    /// <summary>Structs and unions whose name alone was written.</summary>
    readonly bool[] _declared = new bool[types.Count];
    readonly DeclarationText _text = new(types);
    readonly HashSet<(bool IsUnion, string Name)> _forward = [];
    int _depth;

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
                    target.Write($"{_text.OfEnum(type)};\n\n");
                }

                break;
            default:
                break;
        }
    }

    /// <summary>Writes the prototype of a function that programs may call, which a source may declare itself instead.</summary>
    public void WritePrototype(BtfType function)
    {
        Order(function.Target, isWhole: false);
        var name = TypeNames.Plain(function.Name);
        target.Write($"#ifndef {KernelHeader.Declared}{name}\nextern {_text.Of(function.Target, name)} __weak __ksym;\n#endif\n");
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
            case BtfKind.Array:
                // Of something that is not whole C has no arrays, nor pointers to them.
                Order(type.Target, isWhole: true);
                break;
            case BtfKind.Const or BtfKind.Volatile or BtfKind.Restrict or BtfKind.TypeTag or BtfKind.Variable or BtfKind.Function:
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
                target.Write($"{_text.OfEnum(type)};\n\n");
                break;
            case BtfKind.Forward when _states[type.Id] is State.None:
                _states[type.Id] = State.Defined;
                // A kernel has many of one name, and a compiler looks through all that it has read of a name before.
                if (_forward.Add((type.Flag, type.Name)))
                {
                    target.Write($"{(type.Flag ? "union" : "struct")} {TypeNames.Plain(type.Name)};\n\n");
                }

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
        if (type.Name == DeclarationText.BuiltInList)
        {
            return;
        }

        if (_states[type.Id] is State.None)
        {
            _states[type.Id] = State.UnderWay;
            Order(type.Target, isWhole: false);
            _states[type.Id] = State.Defined;
            var name = _text.NameOf(type);
            target.Write(type.Target.Id == 0 && type.Name == "__gnuc_va_list" ? $"typedef {DeclarationText.BuiltInList} {name};\n\n" : $"typedef {_text.Of(type.Target, name)};\n\n");
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
                target.Write($"{DeclarationText.KindOf(type)} {_text.NameOf(type)};\n\n");
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
            target.Write($"{_text.OfRecord(type)};\n\n");
        }
    }
}
