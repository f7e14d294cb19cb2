using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Pm.Ebpf.Btf;
using Pm.Ebpf.Events;
using Pm.Ebpf.Notes;
using Pm.Ebpf.Objects;

namespace Pm.Ebpf.Parameters;

/// <summary>A global that its user may set, as a flag.</summary>
public sealed class Parameter
{
    const int MaximumChoices = 256;

    /// <summary>Values of a default that people are shown.</summary>
    const int MaximumShown = 16;

    /// <summary>Of one value.</summary>
    readonly BtfType _type;

    /// <summary>Bytes of one value.</summary>
    readonly int _width;

    /// <summary>What its author says that it is when nobody sets it, in JSON; null: what the object has.</summary>
    readonly string? _stated;
    readonly Reading? _reading;

    Parameter(GlobalSpec global, BtfType type, ParameterKind each, int length, FlagNote? note)
    {
        (Global, _type, Each, Length, Name) = (global, type, each, length, note?.LongName ?? KebabCase(global.Name));
        (Letter, Help, _stated, _reading) = (note?.Letter, note?.Help ?? "", note?.Default, note?.Reading);
        _width = global.Size / Math.Max(1, length);
        Choices = each is ParameterKind.Choice ? [.. Enumerable.Range(0, Math.Min(type.Count, MaximumChoices)).Select(type.EnumeratorAt)] : [];
    }

    public GlobalSpec Global { get; }

    public ParameterKind Kind => Length > 0 ? ParameterKind.List : Each;

    /// <summary>Of a list what each of its values is, else the same as <see cref="Kind"/>.</summary>
    public ParameterKind Each { get; }

    /// <summary>Of a list, how many values it has room for; 0 for any other.</summary>
    public int Length { get; }

    /// <summary>The flag without its dashes, as its author calls it, else made of the global's name: <c>target-pid</c>.</summary>
    public string Name { get; internal set; }

    /// <summary>A letter that stands for it; null where there is none, or it is another's.</summary>
    public char? Letter { get; internal set; }

    /// <summary>What its author says it is for; empty: nothing.</summary>
    public string Help { get; }

    /// <summary>A shorter one: <c>pid</c>; null where there is none, or it is another's.</summary>
    public string? Alias { get; internal set; }

    /// <summary>Of a choice, what there is.</summary>
    public IReadOnlyList<BtfEnumerator> Choices { get; }

    bool IsSigned => _type.Kind is BtfKind.Integer ? _type.IntegerEncoding.IsSigned : _type.Flag;

    int Bits => 8 * _width;

    /// <summary>What its values are, for people: <c>0 to 255</c>.</summary>
    public string Range => Length > 0 ? $"at most {Length} values with commas between them, each {RangeOfEach}" : RangeOfEach;

    string RangeOfEach => Each switch
    {
        ParameterKind.Switch when Length > 0 => "true or false",
        ParameterKind.Switch => "--" + Name + " or --no-" + Name,
        ParameterKind.Number when _reading is Reading.Signal => "a signal, by name or number",
        ParameterKind.Number when _type.IsCut => $"0 to {Highest}, as what its names stand for is not known ({CutEnumerations.Code})",
        ParameterKind.Number => IsSigned ? $"-{Highest + 1} to {Highest}" : $"0 to {Highest}",
        ParameterKind.Address => AddressValue.RangeOf(_width),
        ParameterKind.Choice => string.Join(", ", Choices.Select(c => c.Name)),
        ParameterKind.Text => $"at most {_width - 1} bytes",
        _ => "a number",
    };

    /// <summary>The same for a page of help: of numbers that are wide enough for anything no bounds, which errors name.</summary>
    public string RangeInHelp
    {
        get
        {
            var each = Each is not ParameterKind.Number || _reading is Reading.Signal || Bits < 32 ? RangeOfEach : IsSigned ? "" : "0 or more";
            return Length == 0 ? each : $"at most {Length} with commas between them{(each.Length > 0 ? $", each {each}" : "")}";
        }
    }

    UInt128 AllBits => UInt128.MaxValue >> (128 - Bits);

    UInt128 Highest => IsSigned ? AllBits >> 1 : AllBits;

    /// <summary>How it is written on a command line: <c>-p, --target-pid, --pid NUMBER</c>.</summary>
    public string Usage
    {
        get
        {
            var letter = Letter is { } only ? $"-{only}, " : "";
            var alias = Alias is null ? "" : $", --{Alias}";
            return letter + (Kind is ParameterKind.Switch ? $"--{Name}, --no-{Name}" : $"--{Name}{alias} {Word}{(Length > 0 ? ",..." : "")}");
        }
    }

    string Word => Each switch
    {
        ParameterKind.Switch => "BOOL",
        ParameterKind.Choice => "NAME",
        ParameterKind.Text => "TEXT",
        ParameterKind.Address => "ADDRESS",
        ParameterKind.Number when _reading is Reading.Signal => "SIGNAL",
        _ => "NUMBER",
    };

    /// <summary>What it is when nobody sets it, for people.</summary>
    public string Default => Shown(StatedBytes("") ?? (Global.Default.IsEmpty ? new byte[Global.Size] : Global.Default.Span));

    /// <summary>The bytes of the default that its author states; null where there is none. Switches alone have true and false. Source: docs/formats/ebpf-notes.md; ecc's <c>cmdarg.default</c>.</summary>
    /// <exception cref="EbpfFormatException">PM8022: it is none of this type.</exception>
    internal byte[]? StatedBytes(string where)
    {
        if (_stated is null)
        {
            return null;
        }

        using var document = JsonDocument.Parse(_stated);
        var (kind, text) = (document.RootElement.ValueKind, document.RootElement.ToString());
        var isBoolean = kind is JsonValueKind.True or JsonValueKind.False;
        var bytes = new byte[Global.Size];
        return isBoolean == Kind is ParameterKind.Switch && Fault(isBoolean ? text.ToLowerInvariant() : text, bytes) is null
            ? bytes
            : throw new EbpfFormatException("PM8022", $"variable `{Global.Name}`: its `default`: expected {(Kind is ParameterKind.Switch ? "true or false" : Range)}, got {_stated}", where);
    }

    /// <summary>The flag for a global; null where pm knows no way to write its values.</summary>
    internal static Parameter? Of(GlobalSpec global, FlagNote? note)
    {
        var type = global.Type.Resolve();
        if (KindOf(type, global.Size, note?.Reading) is { } known)
        {
            return new Parameter(global, type, known, 0, note);
        }

        // Of more dimensions than one nobody would know how to write it.
        if (type.Kind is not BtfKind.Array || type.Length == 0 || global.Size % type.Length != 0)
        {
            return null;
        }

        var element = type.Target.Resolve();
        return !element.IsText && KindOf(element, (int)(global.Size / type.Length), note?.Reading) is { } each and not ParameterKind.Text
            ? new Parameter(global, element, each, (int)type.Length, note)
            : null;
    }

    static ParameterKind? KindOf(BtfType type, int size, Reading? reading) => type.Kind switch
    {
        _ when (MemberReadings.IsAddress(type) || (reading is Reading.Address && MemberReadings.CanBe(type, Reading.Address))) && size == BtfLayout.SizeOf(type) => ParameterKind.Address,
        BtfKind.Integer when type.IntegerEncoding.IsBoolean && size == 1 => ParameterKind.Switch,
        BtfKind.Integer when size is 1 or 2 or 4 or 8 or 16 => ParameterKind.Number,
        BtfKind.Float when size is 4 or 8 => ParameterKind.Fraction,
        BtfKind.Enum when type.IsCut && size is 8 => ParameterKind.Number,
        BtfKind.Enum or BtfKind.Enum64 when size is 1 or 2 or 4 or 8 => ParameterKind.Choice,
        BtfKind.Array when size > 1 && type.Target.Resolve().IsText => ParameterKind.Text,
        _ => null,
    };

    /// <summary>The bytes of a value.</summary>
    /// <param name="flag">As it was written.</param>
    /// <param name="text">Its value.</param>
    /// <exception cref="ParameterException">PM8051: it is none.</exception>
    internal byte[] Bytes(string flag, string text)
    {
        var bytes = new byte[Global.Size];
        return Fault(text, bytes) is { } fault ? throw new ParameterException("PM8051", $"flag `{flag}`: {fault}", "`pm run FILE -- --help` lists the flags") : bytes;
    }

    internal static string KebabCase(string name) => name.Trim('_').Replace('_', '-').ToLowerInvariant();

    /// <summary>Why a text is no value; null: it is one, and written. What a list has no value for stays zero, and an empty text is an empty list.</summary>
    string? Fault(string text, Span<byte> bytes)
    {
        if (Length == 0)
        {
            return TryOne(text, bytes) ? null : $"expected {RangeOfEach}, got `{text}`";
        }

        var values = text.Length == 0 ? [] : text.Split(',', StringSplitOptions.TrimEntries);
        if (values.Length > Length)
        {
            return $"expected at most {Length} values, got {values.Length}";
        }

        foreach (var (i, value) in values.Index())
        {
            if (!TryOne(value, bytes.Slice(i * _width, _width)))
            {
                return $"value {i + 1}: expected {RangeOfEach}, got `{value}`";
            }
        }

        return null;
    }

    bool TryOne(string text, Span<byte> bytes) => Each switch
    {
        ParameterKind.Switch => TrySwitch(text, bytes),
        ParameterKind.Number => (TryNumber(text, out var isNegative, out var number) || TrySignal(text, out number)) && TryWhole(isNegative, number, bytes),
        ParameterKind.Address => AddressValue.TryWrite(text, bytes),
        ParameterKind.Choice => TryChoice(text, bytes),
        ParameterKind.Fraction => TryFraction(text, bytes),
        _ => TryText(text, bytes),
    };

    static bool TrySwitch(string text, Span<byte> bytes)
    {
        bytes[0] = text is "true" or "1" ? (byte)1 : (byte)0;
        return text is "true" or "1" or "false" or "0";
    }

    /// <summary>Its sign apart from it: numbers of 128 bits without a sign are larger than any that the runtime has with one.</summary>
    static bool TryNumber(string text, out bool isNegative, out UInt128 number)
    {
        isNegative = text.StartsWith('-');
        var digits = text.AsSpan(isNegative ? 1 : 0);
        return digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? UInt128.TryParse(digits[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number)
            : UInt128.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    bool TrySignal(string text, out UInt128 number)
    {
        var found = _reading is Reading.Signal ? SignalNames.Find(text) : null;
        number = (UInt128)(found ?? 0);
        return found is not null;
    }

    bool TryWhole(bool isNegative, UInt128 number, Span<byte> bytes)
    {
        if (number > (isNegative ? IsSigned ? Highest + 1 : 0 : Highest))
        {
            return false;
        }

        Put(isNegative ? 0 - number : number, bytes);
        return true;
    }

    bool TryChoice(string text, Span<byte> bytes)
    {
        UInt128? chosen = Choices.Where(c => c.Name == text || c.Name.Equals(text.Replace('-', '_'), StringComparison.OrdinalIgnoreCase)).Select(c => (UInt128?)BitsOf(c)).FirstOrDefault();
        if (chosen is null && TryNumber(text, out var isNegative, out var number) && number <= (isNegative ? AllBits / 2 + 1 : AllBits))
        {
            // By its bits: compilers before LLVM 15 do not say that an enumeration has a sign.
            var bits = (isNegative ? 0 - number : number) & AllBits;
            chosen = Choices.Any(c => BitsOf(c) == bits) ? bits : null;
        }

        Put(chosen ?? 0, bytes);
        return chosen is not null;
    }

    static void Put(UInt128 number, Span<byte> bytes)
    {
        Span<byte> all = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128LittleEndian(all, number);
        all[..bytes.Length].CopyTo(bytes);
    }

    static bool TryFraction(string text, Span<byte> bytes)
    {
        var isOne = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number);
        if (bytes.Length == 4)
        {
            isOne &= float.IsFinite((float)number);
            BinaryPrimitives.WriteSingleLittleEndian(bytes, (float)number);
        }
        else
        {
            BinaryPrimitives.WriteDoubleLittleEndian(bytes, number);
        }

        return isOne && double.IsFinite(number);
    }

    static bool TryText(string text, Span<byte> bytes)
    {
        var encoded = Encoding.UTF8.GetBytes(text);
        if (encoded.Length >= bytes.Length || encoded.Contains((byte)0))
        {
            return false;
        }

        encoded.CopyTo(bytes);
        return true;
    }

    string Shown(ReadOnlySpan<byte> bytes)
    {
        if (Length == 0)
        {
            return ShownOne(bytes);
        }

        var count = Math.Max(1, (bytes.LastIndexOfAnyExcept((byte)0) + _width) / _width);
        var values = new List<string>();
        for (var i = 0; i < Math.Min(count, MaximumShown); i++)
        {
            values.Add(ShownOne(bytes.Slice(i * _width, _width)));
        }

        return string.Join(',', values) + (count > MaximumShown ? ",..." : "");
    }

    string ShownOne(ReadOnlySpan<byte> bytes)
    {
        switch (Each)
        {
            case ParameterKind.Switch:
                return bytes[0] == 0 ? "false" : "true";
            case ParameterKind.Address:
                return AddressValue.Show(bytes);
            case ParameterKind.Text:
                var end = bytes.IndexOf((byte)0);
                return $"\"{Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end])}\"";
            case ParameterKind.Fraction:
                return (bytes.Length == 4 ? BinaryPrimitives.ReadSingleLittleEndian(bytes) : BinaryPrimitives.ReadDoubleLittleEndian(bytes)).ToString(CultureInfo.InvariantCulture);
            default:
                var number = Whole(bytes);
                return Choices.Where(c => BitsOf(c) == number).Select(c => c.Name).FirstOrDefault()
                    ?? (_reading is Reading.Signal ? SignalNames.All.Where(s => (UInt128)s.Value == number).Select(s => s.Name).FirstOrDefault() : null)
                    ?? (IsSigned ? ((Int128)(number << (128 - Bits)) >> (128 - Bits)).ToString(CultureInfo.InvariantCulture) : number.ToString(CultureInfo.InvariantCulture));
        }
    }

    UInt128 BitsOf(BtfEnumerator choice) => (UInt128)choice.Value & AllBits;

    static UInt128 Whole(ReadOnlySpan<byte> bytes)
    {
        UInt128 number = 0;
        for (var i = bytes.Length - 1; i >= 0; i--)
        {
            number = number << 8 | bytes[i];
        }

        return number;
    }
}
