using Pm.Ebpf.Btf;
using Pm.Ebpf.Notes;

namespace Pm.Ebpf.Events;

/// <summary>How members of an event are read, while its type is gone through: where it is said, and what its type can be read as.</summary>
/// <param name="said">By names, those within others as <c>outer.inner</c>; null: nothing is said.</param>
/// <param name="time">Says when something was.</param>
sealed class MemberReadings(IReadOnlyDictionary<string, Reading>? said, TimeProvider time)
{
    const int ShortAddress = 4;
    const int LongAddress = 16;

    readonly HashSet<string> _read = new(StringComparer.Ordinal);
    readonly Dictionary<(Reading, int), EnumNames> _names = [];
    EventClock? _clock;
    string _path = "";

    /// <summary>The names of <c>said</c> that were met, and could be read so.</summary>
    public IReadOnlySet<string> Found => _read;

    public EventClock Clock => _clock ??= new EventClock(time);

    /// <summary>Goes to a member, until that is disposed of.</summary>
    public Member Into(string name)
    {
        var outer = _path;
        _path = said is null ? "" : outer.Length == 0 ? name : $"{outer}.{name}";
        return new Member(this, outer);
    }

    /// <summary>What the member that one is at, or an element of it, is read as; null: what its type says.</summary>
    public Reading? Read(BtfType type, byte bits)
    {
        if (said is not null && said.TryGetValue(_path, out var reading) && bits == 0 && CanBe(type, reading))
        {
            _read.Add(_path);
            return reading;
        }

        return IsAddress(type) ? Reading.Address : null;
    }

    public EnumNames NamesOf(Reading reading, int size)
    {
        if (!_names.TryGetValue((reading, size), out var names))
        {
            _names[(reading, size)] = names = new EnumNames(reading is Reading.Signal ? SignalNames.All : ErrorNames.Returned, size);
        }

        return names;
    }

    /// <summary>Whether values of that type, which are no bit-fields, can be read so.</summary>
    public static bool CanBe(BtfType type, Reading reading) => reading switch
    {
        Reading.Address => IsAddress(type) || SizeOfNumbers(type) is ShortAddress or LongAddress,
        Reading.Time => type is { Kind: BtfKind.Integer, Size: 8 },
        Reading.Strings => type.Kind is BtfKind.Array && type.Target.Resolve() is { Kind: BtfKind.Integer, Size: 1, IntegerEncoding.IsBoolean: false },
        _ => type is { Kind: BtfKind.Integer, Size: <= 8, IntegerEncoding.IsBoolean: false },
    };

    /// <summary>The kernel's own types for them, and those of all C libraries. Source: in.h, in6.h.</summary>
    public static bool IsAddress(BtfType type) => type.Kind is BtfKind.Struct
        && ((type.Size == ShortAddress && type.NameBytes().SequenceEqual("in_addr"u8)) || (type.Size == LongAddress && type.NameBytes().SequenceEqual("in6_addr"u8)));

    static long? SizeOfNumbers(BtfType type) => type.Kind switch
    {
        BtfKind.Integer => type.Size,
        BtfKind.Array when type.Target.Resolve() is { Kind: BtfKind.Integer } element => (long)element.Size * type.Length,
        _ => null,
    };

    /// <summary>Goes back to where one was.</summary>
    public readonly struct Member(MemberReadings owner, string outer) : IDisposable
    {
        public void Dispose() => owner._path = outer;
    }
}
