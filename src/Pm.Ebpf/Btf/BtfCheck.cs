using System.Buffers.Binary;

namespace Pm.Ebpf.Btf;

/// <summary>
/// Whether what the types of a file say of each other holds. pm itself looks each time that it asks; libbpf, before 1.4, takes it on trust: of a type that is not there it reads from nowhere, and of one that stands for
/// itself it never finds the end. So it is given no types that were not looked at. Source: btf.rst, "Type Encoding"; btf_sanity_check of libbpf 1.4.
/// </summary>
static class BtfCheck
{
    /// <exception cref="EbpfFormatException">PM8021: a type names one that is not there or of the wrong kind, or stands for or contains itself.</exception>
    public static void Require(BtfFile types)
    {
        foreach (var type in types.Types)
        {
            Look(type);
        }

        RequireEnds(types);
    }

    static void Look(BtfType type)
    {
        switch (type.Kind)
        {
            case BtfKind.Pointer or BtfKind.Typedef or BtfKind.Volatile or BtfKind.Const or BtfKind.Restrict or BtfKind.TypeTag or BtfKind.Variable:
                RequireValue(type, type.Target);
                break;
            case BtfKind.Array:
                RequireValue(type, type.Target);
                RequireValue(type, type.File[type.IndexId]);
                break;
            case BtfKind.Struct or BtfKind.Union:
                Records(type, 12, RequireMember);
                break;
            case BtfKind.Enum:
                Records(type, 8, (_, _) => { });
                break;
            case BtfKind.Enum64:
                Records(type, 12, (_, _) => { });
                break;
            case BtfKind.FunctionPrototype:
                RequireValue(type, type.Target);
                Records(type, 8, (of, record) => RequireValue(of, of.File[Word(record, 4)]));
                break;
            case BtfKind.Function when type.Target.Kind is not BtfKind.FunctionPrototype:
                throw Wrong(type, type.Target);
            case BtfKind.DataSection:
                var records = type.File.TrailingOf(type.Id);
                for (var at = 0; at < records.Length; at += 12)
                {
                    if (type.File[Word(records, at)] is { Kind: not (BtfKind.Variable or BtfKind.Function) } other)
                    {
                        throw Wrong(type, other);
                    }
                }

                break;
            case BtfKind.DeclarationTag:
                _ = type.Target.Kind;
                break;
            default:
                break;
        }
    }

    delegate void Record(BtfType type, ReadOnlySpan<byte> record);

    /// <summary>Those that begin with a name, which may be longer than any that pm shows.</summary>
    static void Records(BtfType type, int size, Record look)
    {
        var records = type.File.TrailingOf(type.Id);
        for (var at = 0; at < records.Length; at += size)
        {
            type.File.RequireName((uint)Word(records, at));
            look(type, records.Slice(at, size));
        }
    }

    static void RequireMember(BtfType type, ReadOnlySpan<byte> record)
    {
        var of = type.File[Word(record, 4)];
        RequireValue(type, of);

        // libbpf divides by the size of what a bit-field is a part of. Source: bpf_core_calc_field_relo of libbpf; btf_struct_check_member of Linux.
        if (type.Flag && record[11] != 0 && of.Resolve() is var whole && (whole.Kind is not (BtfKind.Integer or BtfKind.Enum or BtfKind.Enum64) || whole.Size == 0))
        {
            throw type.File.Wrong($"type {type.Id} ({type.Kind}) has a bit-field of type {of.Id}, which is no number");
        }
    }

    static int Word(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt32LittleEndian(bytes[at..]);

    /// <summary>What a value may be of, or point to.</summary>
    static void RequireValue(BtfType type, BtfType target)
    {
        if (target.Kind is BtfKind.Function or BtfKind.Variable or BtfKind.DataSection or BtfKind.DeclarationTag)
        {
            throw Wrong(type, target);
        }
    }

    static EbpfFormatException Wrong(BtfType type, BtfType target) => type.File.Wrong($"type {type.Id} ({type.Kind}) is of type {target.Id}, which is a {target.Kind}");

    /// <summary>What a type stands for or contains comes to an end: pointers and functions are ends.</summary>
    static void RequireEnds(BtfFile types)
    {
        var states = new State[types.Count];
        var path = new Stack<(BtfType Type, int Next)>();
        foreach (var first in types.Types)
        {
            if (states[first.Id] is State.New)
            {
                path.Push((first, 0));
                Follow(types, path, states);
            }
        }
    }

    /// <summary>Deeper than any stack of calls would go.</summary>
    static void Follow(BtfFile types, Stack<(BtfType Type, int Next)> path, State[] states)
    {
        while (path.TryPop(out var step))
        {
            states[step.Type.Id] = State.Within;
            if (Part(step.Type, step.Next) is not { } part)
            {
                states[step.Type.Id] = State.Done;
                continue;
            }

            path.Push((step.Type, step.Next + 1));
            if (states[part.Id] is State.Within)
            {
                throw types.Wrong($"type {part.Id} ({part.Kind}) stands for itself, or contains itself");
            }

            if (states[part.Id] is State.New)
            {
                path.Push((part, 0));
            }
        }
    }

    /// <summary>One of those that it is made of; null: there are no more.</summary>
    static BtfType? Part(BtfType type, int index) => type.Kind switch
    {
        BtfKind.Struct or BtfKind.Union => index < type.Count ? MemberType(type, index) : null,
        BtfKind.Typedef or BtfKind.Volatile or BtfKind.Const or BtfKind.Restrict or BtfKind.TypeTag or BtfKind.Array => index == 0 ? type.Target : null,
        _ => null,
    };

    static BtfType MemberType(BtfType type, int index) => type.File[Word(type.File.TrailingOf(type.Id), (12 * index) + 4)];

    enum State : byte
    {
        New,
        Within,
        Done,
    }
}
