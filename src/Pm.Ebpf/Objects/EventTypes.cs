using System.Collections.Immutable;
using System.Globalization;
using Pm.Ebpf.Btf;
using Pm.Ebpf.Probing;

namespace Pm.Ebpf.Objects;

/// <summary>The types of an object that an event could have: structs and unions with a name, of their own or through a typedef.</summary>
sealed class EventTypes
{
    /// <summary>Of a function; a program has one.</summary>
    const int MaximumParameters = 16;

    /// <summary>How many types a message names.</summary>
    const int MaximumNamed = 16;

    readonly BtfFile? _types;
    readonly Dictionary<uint, List<BtfType>> _bySize = [];
    readonly HashSet<int> _foreign;
    HashSet<int>? _beneath;

    public EventTypes(BtfFile? types, BtfExtension? extension, ImmutableArray<GlobalSpec> globals)
    {
        _types = types;
        _foreign = Foreign(extension);
        var like = new List<BtfType>();
        foreach (var type in types?.Types ?? [])
        {
            if (!IsCandidate(type) || _foreign.Contains(type.Resolve().Id))
            {
                continue;
            }

            var size = type.Resolve().Size;
            if (!_bySize.TryGetValue(size, out var all))
            {
                _bySize[size] = all = [];
            }

            all.Add(type);
            if (IsLikeEvent(type))
            {
                like.Add(type);
            }
        }

        LikeEvents = AmongEvents(like);
        Exported = [.. globals.Where(g => !g.IsUsed).Select(g => Pointed(g.Type)).OfType<BtfType>().Distinct()];
    }

    /// <summary>What variables that nothing uses point to.</summary>
    public ImmutableArray<BtfType> Exported { get; }

    /// <summary>Those named <c>event</c>; if there are none, those with the word in their name.</summary>
    public ImmutableArray<BtfType> LikeEvents { get; }

    /// <summary>Of <paramref name="types"/> those named like an event: <c>event</c> itself comes before what only has the word in its name.</summary>
    public static ImmutableArray<BtfType> AmongEvents(IReadOnlyCollection<BtfType> types) =>
        types.Where(t => t.NameBytes().SequenceEqual("event"u8)).ToImmutableArray() is { IsEmpty: false } exact ? exact : [.. types.Where(IsLikeEvent)];

    /// <summary>Those of the sizes. Of several of one size those come first that nothing of the kernel's has within it: the others came with it.</summary>
    public ImmutableArray<BtfType> OfSizes(ImmutableArray<int> sizes) =>
        [.. sizes.SelectMany(size => _bySize.TryGetValue((uint)size, out var all) ? all is [_] || Own(all) is not { Count: > 0 } own ? all : own : Enumerable.Empty<BtfType>())];

    List<BtfType> Own(List<BtfType> types)
    {
        _beneath ??= Beneath(_foreign);
        return types.FindAll(t => !_beneath.Contains(t.Resolve().Id));
    }

    /// <summary>What the members of types are, and point to, and so on.</summary>
    HashSet<int> Beneath(HashSet<int> types)
    {
        var seen = new HashSet<int>();
        var pending = new Stack<BtfType>((_types?.Types ?? []).Where(t => types.Contains(t.Id)));
        while (pending.TryPop(out var type))
        {
            if (!seen.Add(type.Id))
            {
                continue;
            }

            if (type.IsComposite)
            {
                foreach (var member in type.Members)
                {
                    pending.Push(member.Type);
                }
            }
            else if (type.IsModifier || type.Kind is BtfKind.Pointer or BtfKind.Array or BtfKind.Typedef)
            {
                pending.Push(type.Target);
            }
        }

        return seen;
    }

    /// <summary>
    /// <c>event</c>, <c>struct event</c>, <c>union event</c>; where an event is a number alone, <c>u64</c> and the like; any other type that the object has, <c>char</c>, <c>enum kind</c>, <c>char[16]</c>.
    /// </summary>
    public BtfType? Named(string name)
    {
        var bare = Bare(name);
        foreach (var type in _types?.Named(bare) ?? [])
        {
            if (IsCandidate(type))
            {
                return type;
            }
        }

        return Number(bare) ?? Value(bare);
    }

    /// <summary>Whom a name may have meant, or, of few, all that there are: "; did you mean `event`?", "; the object has a, b".</summary>
    public string Suggestion(string name)
    {
        var names = _bySize.Values.SelectMany(all => all).Select(t => t.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        return Nearest.Suggestion(Bare(name), names) is { Length: > 0 } near ? near : names.Count is > 0 and <= MaximumNamed ? $"; the object has {string.Join(", ", names)}" : "";
    }

    static string Bare(string name)
    {
        foreach (var word in (ReadOnlySpan<string>)["struct ", "union ", "enum "])
        {
            if (name.StartsWith(word, StringComparison.Ordinal))
            {
                return name[word.Length..].Trim();
            }
        }

        return name.Trim();
    }

    /// <summary>A number, an enumeration, what stands for one, or an array of these that something in the object has.</summary>
    BtfType? Value(string name)
    {
        var bracket = name.IndexOf('[', StringComparison.Ordinal);
        if (bracket < 0)
        {
            return _types?.Named(name).Where(IsValue).Select(t => (BtfType?)t).FirstOrDefault();
        }

        if (name[^1] != ']' || !uint.TryParse(name.AsSpan(bracket + 1)[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var length) || length == 0
            || (Number(name[..bracket].Trim()) ?? Value(name[..bracket].Trim())) is not { } element)
        {
            return null;
        }

        var id = element.Resolve().Id;
        return _types!.Types.Where(t => t.Kind is BtfKind.Array && t.Length == length && t.Target.Resolve().Id == id).Select(t => (BtfType?)t).FirstOrDefault();
    }

    static bool IsValue(BtfType type) =>
        (type.Kind is BtfKind.Integer or BtfKind.Float or BtfKind.Typedef || type.IsEnum)
        && type.Resolve() is { Kind: BtfKind.Integer or BtfKind.Float or BtfKind.Enum or BtfKind.Enum64 or BtfKind.Array or BtfKind.Struct or BtfKind.Union };

    /// <summary>An integer of the object that is as long, and as signed, as a name of the kernel's says.</summary>
    BtfType? Number(string name)
    {
        var bare = name.StartsWith("__", StringComparison.Ordinal) ? name[2..] : name;
        BtfType? counter = null;
        uint? size = bare is ['u' or 's', .. var bits] ? bits switch { "8" => 1, "16" => 2, "32" => 4, "64" => 8, _ => null } : null;
        foreach (var type in size is null ? [] : _types?.Types ?? [])
        {
            if (type.Kind is BtfKind.Integer && type.Size == size && type.IntegerEncoding is { Offset: 0, IsBoolean: false } encoding && encoding.IsSigned == (bare[0] == 's'))
            {
                // What clang counts the elements of arrays in, whose name says nothing to anybody.
                if (!type.NameBytes().SequenceEqual("__ARRAY_SIZE_TYPE__"u8))
                {
                    return type;
                }

                counter = type;
            }
        }

        return counter;
    }

    static bool IsCandidate(BtfType type) =>
        (type.IsComposite && !type.NameBytes().IsEmpty) || (type.Kind is BtfKind.Typedef && type.Target is { IsComposite: true } target && target.NameBytes().IsEmpty);

    static bool IsLikeEvent(BtfType type) => type.Name.Contains("event", StringComparison.OrdinalIgnoreCase);

    static BtfType? Pointed(BtfType type)
    {
        var pointer = type.Resolve();
        if (pointer.Kind is not BtfKind.Pointer)
        {
            return null;
        }

        var target = pointer.Target;
        for (var depth = 0; depth < BtfLimits.Depth && target.IsModifier && !IsCandidate(target); depth++)
        {
            target = target.Target;
        }

        return IsCandidate(target) ? target : null;
    }

    /// <summary>The kernel's types: those whose layout it is asked for, and what programs are given by it.</summary>
    static HashSet<int> Foreign(BtfExtension? extension)
    {
        var foreign = new HashSet<int>();
        foreach (var relocation in extension?.Relocations.Where(r => r.Kind is not CoreRelocationKind.TypeIdLocal) ?? [])
        {
            foreign.Add(relocation.Type.Resolve().Id);
        }

        foreach (var function in extension?.Functions.Where(f => f.Section is not ".text" && f.Type.Kind is BtfKind.Function) ?? [])
        {
            if (function.Type.Target is { Kind: BtfKind.FunctionPrototype, Count: > 0 and <= MaximumParameters } prototype
                && prototype.Parameters[0].Type.Resolve() is { Kind: BtfKind.Pointer } context)
            {
                foreign.Add(context.Target.Resolve().Id);
            }
        }

        return foreign;
    }
}
