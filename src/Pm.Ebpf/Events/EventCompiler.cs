using Pm.Ebpf.Btf;
using Pm.Ebpf.Notes;

namespace Pm.Ebpf.Events;

/// <summary>Makes steps of a type, once, so that writing an event looks at no type any more.</summary>
/// <param name="whole">The event's type.</param>
/// <param name="size">Its bytes; nothing but what is open-ended lies behind them.</param>
/// <param name="dialect">Whose rules hold.</param>
/// <param name="readings">How members are read beyond what their types say.</param>
sealed class EventCompiler(BtfType whole, int size, EventDialect dialect, MemberReadings readings)
{
    const int MaximumAlignment = 16;

    readonly int _size = size;
    readonly List<EventStep> _steps = [];
    readonly Dictionary<int, EnumNames> _enums = [];
    int _enumerators;
    long _values;

    /// <summary>Where what is being read has to end: in an array its first element, as the others lie where that one ends.</summary>
    int _end = size;

    /// <summary>Nothing of the event lies behind what is being read, so that it may take what a record has there: of several arrays of no length at a struct's end only the last one does.</summary>
    bool _isLast = true;

    public List<EventStep> Steps => _steps;

    /// <summary>The members whose readings were said, and that can be read so.</summary>
    public IReadOnlySet<string> Found => readings.Found;

    /// <summary>The members of a struct, those of unnamed ones among them as if they were its own.</summary>
    public void Members(BtfType type, int offset, long times, int depth)
    {
        var isLast = _isLast;

        // One by one: what nests in itself would be read over and over before the limit is met.
        for (var i = 0; i < type.Count; i++)
        {
            Count(times);
            _isLast = isLast && (type.Kind is BtfKind.Union || i == type.Count - 1);
            var member = type.MemberAt(i);
            var bit = 8L * offset + member.BitOffset;
            var resolved = member.Type.Resolve();
            if (member.Name.Length == 0 && resolved.IsComposite)
            {
                Members(resolved, At(bit), times, Deeper(depth));
            }
            else if (member.Name.Length > 0)
            {
                // Bits without a name fill a gap.
                RequireWhole(member);
                using var _ = readings.Into(member.Name);
                Value(resolved, bit, member.BitFieldSize, EventNames.Key(type, member.Name), times, depth);
            }
        }

        _isLast = isLast;
    }

    /// <param name="type">What it is, resolved.</param>
    /// <param name="bit">Where it begins, in bits.</param>
    /// <param name="bits">Of a bit-field, how many.</param>
    /// <param name="key">The name; none in an array.</param>
    /// <param name="times">How often the arrays around it repeat it.</param>
    /// <param name="depth">How deep it lies.</param>
    public void Value(BtfType type, long bit, byte bits, byte[]? key, long times, int depth)
    {
        if (dialect is EventDialect.Own && readings.Read(type, bits) is { } reading)
        {
            if (reading is Reading.Strings)
            {
                Text(type, At(bit), key, times, isSeveral: true);
            }
            else
            {
                Add(Read(type, reading, bit, bits, key));
            }

            return;
        }

        switch (type.Kind)
        {
            case BtfKind.Struct or BtfKind.Union:
                Add(new EventStep { Kind = EventStepKind.BeginObject, Key = key });
                AddName(type);
                Members(type, At(bit), times, Deeper(depth));
                Add(new EventStep { Kind = EventStepKind.EndObject });
                break;
            case BtfKind.Array:
                Array(type, At(bit), key, times, Deeper(depth));
                break;
            case BtfKind.Integer:
                Add(Number(type, bit, bits, key));
                break;
            case BtfKind.Enum when type.IsCut:
                Add(Placed(type, new EventStep { Kind = EventStepKind.Unsigned, Key = key }, bit, bits));
                break;
            case BtfKind.Enum or BtfKind.Enum64:
                Add(Placed(type, new EventStep { Kind = type.Flag ? EventStepKind.Signed : EventStepKind.Unsigned, Key = key, Names = NamesOf(type) }, bit, bits));
                break;
            case BtfKind.Float when bits == 0 && type.Size is 4 or 8:
                Add(Placed(type, new EventStep { Kind = EventStepKind.Float, Key = key }, bit, 0));
                break;
            case BtfKind.Pointer when bits == 0:
                Add(Within(new EventStep { Kind = EventStepKind.Address, Key = key, Offset = At(bit), Size = BtfLayout.PointerSize }));
                break;
            default:
                throw Wrong($"{type} is no value that can be written");
        }
    }

    EventStep Read(BtfType type, Reading reading, long bit, byte bits, byte[]? key) => reading switch
    {
        Reading.Address => Within(new EventStep { Kind = EventStepKind.InternetAddress, Key = key, Offset = At(bit), Size = BtfLayout.SizeOf(type) ?? 0 }),
        Reading.Time => Placed(type, new EventStep { Kind = EventStepKind.Time, Key = key, Clock = readings.Clock, HasSign = type.IntegerEncoding.IsSigned }, bit, bits),
        _ => Number(type, bit, bits, key) with { Names = readings.NamesOf(reading, (int)type.Size) },
    };

    EventStep Number(BtfType type, long bit, byte bits, byte[]? key)
    {
        var encoding = type.IntegerEncoding;
        // Old compilers say of the type, not of the member, that it is a bit-field.
        if (bits == 0 && (encoding.Bits != 8 * type.Size || encoding.Offset != 0))
        {
            (bit, bits) = (bit + encoding.Offset, encoding.Bits);
        }

        var kind = encoding.IsBoolean ? EventStepKind.Boolean : encoding.IsSigned ? EventStepKind.Signed : EventStepKind.Unsigned;
        return Placed(type, new EventStep { Kind = kind, Key = key }, bit, bits);
    }

    EventStep Placed(BtfType type, EventStep step, long bit, byte bits)
    {
        if (bits > EventLimits.BitField || type.Size is 0 or > 16)
        {
            throw Wrong($"{type}: expected a value of 1 to 16 bytes or 1 to {EventLimits.BitField} bits");
        }

        return Within(bits == 0
            ? step with { Offset = At(bit), Size = (int)type.Size }
            : step with { Offset = (int)(bit / 8), Shift = (byte)(bit % 8), Bits = bits, Size = (int)(bit % 8 + bits + 7) / 8 });
    }

    void Array(BtfType type, int offset, byte[]? key, long times, int depth)
    {
        var element = type.Target.Resolve();
        var stride = BtfLayout.SizeOf(element) ?? throw Wrong($"{type} has elements without a size");
        if (element.IsText)
        {
            Text(type, offset, key, times, isSeveral: false);
            return;
        }

        var takesMore = IsEnding(type, times) && offset == _size && stride > 0;
        var total = (long)stride * type.Length;
        if (total > _end - offset)
        {
            throw Outside();
        }

        // An element without bytes would be written for ever.
        var count = stride == 0 ? 0 : (int)type.Length;
        var begin = _steps.Count;
        Add(new EventStep { Kind = EventStepKind.BeginArray, Key = key, Offset = offset, Size = stride, Count = count, IsOpenEnded = takesMore });
        if (takesMore)
        {
            count = OpenEnded(element, offset, depth);
        }
        else if (count > 0)
        {
            Element(element, offset, times * count, depth);
        }

        _steps[begin] = _steps[begin] with { Count = count, End = _steps.Count };
        Add(new EventStep { Kind = EventStepKind.EndArray });
    }

    void Text(BtfType type, int offset, byte[]? key, long times, bool isSeveral)
    {
        // It may begin in what fills the struct up, of at most so many bytes.
        var isOpenEnded = IsEnding(type, times) && offset > _size - MaximumAlignment;
        Add(Within(new EventStep
        {
            Kind = EventStepKind.Text,
            Key = key,
            Offset = offset,
            Size = (int)Math.Min(type.Length, int.MaxValue),
            IsOpenEnded = isOpenEnded,
            IsSeveral = isSeveral,
        }));
    }

    /// <summary>Whether an array may take what a record has behind the type.</summary>
    bool IsEnding(BtfType array, long times) => array.Length == 0 && times == 1 && _isLast;

    void Element(BtfType element, int offset, long times, int depth)
    {
        Count(times);
        var around = _end;
        _end = offset + (BtfLayout.SizeOf(element) ?? 0);
        Value(element, 8L * offset, 0, null, times, depth);
        _end = around;
    }

    /// <summary>That of an open-ended array lies behind the end, where each record says whether something is.</summary>
    /// <returns>How many of them are written: the fewer, the more values each has.</returns>
    int OpenEnded(BtfType element, int offset, int depth)
    {
        var inner = new EventCompiler(whole, offset + (BtfLayout.SizeOf(element) ?? 0), dialect, readings)
        {
            _enumerators = _enumerators,
            _isLast = false,
        };
        inner.Count(1);
        inner.Value(element, 8L * offset, 0, null, 1, depth);
        if (inner._steps.Count > EventLimits.Steps - _steps.Count)
        {
            throw Wrong($"at most {EventLimits.Steps} steps");
        }

        // Arrays in it know where they end by the number of the step.
        var first = _steps.Count;
        _steps.AddRange(inner._steps.Select(s => s.Kind is EventStepKind.BeginArray ? s with { End = s.End + first } : s));
        var count = Math.Clamp((EventLimits.Values - _values) / inner._values, 1, EventLimits.Values / 4);
        Count(count * inner._values);
        return (int)count;
    }

    void RequireWhole(BtfMember member)
    {
        if (dialect is EventDialect.Eunomia && member.IsBitField)
        {
            throw Wrong($"`{member.Name}` is a bit-field, which these packages do not have");
        }
    }

    void AddName(BtfType type)
    {
        if (dialect is EventDialect.Eunomia)
        {
            var into = new EventBuffer();
            into.Append(type.Kind is BtfKind.Union ? "\"__EUNOMIA_TYPE\":\"union\",\"__EUNOMIA_TYPE_NAME\":"u8 : "\"__EUNOMIA_TYPE\":\"struct\",\"__EUNOMIA_TYPE_NAME\":"u8);
            EventText.Quoted(type.NameBytes(), into);
            Add(new EventStep { Kind = EventStepKind.Constant, Key = into.Written.ToArray() });
        }
    }

    EnumNames NamesOf(BtfType type)
    {
        if (!_enums.TryGetValue(type.Id, out var names))
        {
            _enumerators += type.Count;
            _enums[type.Id] = names = _enumerators <= EventLimits.Enumerators
                ? new EnumNames(type, dialect)
                : throw Wrong($"at most {EventLimits.Enumerators} names of values");
        }

        return names;
    }

    void Count(long times)
    {
        _values += times;
        if (_values > EventLimits.Values)
        {
            throw Wrong($"at most {EventLimits.Values} values");
        }
    }

    void Add(EventStep step)
    {
        _steps.Add(step);
        if (_steps.Count > EventLimits.Steps)
        {
            throw Wrong($"at most {EventLimits.Steps} steps");
        }
    }

    EventStep Within(EventStep step) => (long)step.Offset + step.Size <= _end ? step : throw Outside();

    int At(long bit) => bit % 8 == 0 && bit / 8 <= _end ? (int)(bit / 8) : throw Outside();

    int Deeper(int depth) => depth < BtfLimits.Depth ? depth + 1 : throw Wrong($"it nests deeper than {BtfLimits.Depth}");

    EbpfFormatException Outside() => Wrong("a member lies outside it");

    EbpfFormatException Wrong(string why) => new("PM8023", $"events of type {whole} cannot be written: {why}");
}
