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

    readonly BtfType _type;

    /// <summary>What its author says that it is when nobody sets it, in JSON; null: what the object has.</summary>
    readonly string? _stated;
    readonly Reading? _reading;

    Parameter(GlobalSpec global, BtfType type, ParameterKind kind, FlagNote? note)
    {
        (Global, _type, Kind, Name) = (global, type, kind, note?.LongName ?? KebabCase(global.Name));
        (Letter, Help, _stated, _reading) = (note?.Letter, note?.Help ?? "", note?.Default, note?.Reading);
        Choices = kind is ParameterKind.Choice ? [.. Enumerable.Range(0, Math.Min(type.Count, MaximumChoices)).Select(type.EnumeratorAt)] : [];
    }

    public GlobalSpec Global { get; }

    public ParameterKind Kind { get; }

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

    int Bits => 8 * Global.Size;

    /// <summary>What its values are, for people: <c>0 to 255</c>.</summary>
    public string Range => Kind switch
    {
        ParameterKind.Switch => "--" + Name + " or --no-" + Name,
        ParameterKind.Number when _reading is Reading.Signal => "a signal, by name or number",
        ParameterKind.Number => $"{Lowest} to {Highest}",
        ParameterKind.Address => AddressValue.RangeOf(Global.Size),
        ParameterKind.Choice => string.Join(", ", Choices.Select(c => c.Name)),
        ParameterKind.Text => $"at most {Global.Size - 1} bytes",
        _ => "a number",
    };

    /// <summary>The same for a page of help: of numbers that are wide enough for anything no bounds, which errors name.</summary>
    public string RangeInHelp => Kind is not ParameterKind.Number || _reading is Reading.Signal || Bits < 32 ? Range : IsSigned ? "" : "0 or more";

    Int128 Lowest => IsSigned ? -(Int128.One << (Bits - 1)) : 0;

    Int128 Highest => (Int128.One << (IsSigned ? Bits - 1 : Bits)) - 1;

    /// <summary>How it is written on a command line: <c>-p, --target-pid, --pid NUMBER</c>.</summary>
    public string Usage
    {
        get
        {
            var letter = Letter is { } only ? $"-{only}, " : "";
            var alias = Alias is null ? "" : $", --{Alias}";
            return letter + Kind switch
            {
                ParameterKind.Switch => $"--{Name}, --no-{Name}",
                ParameterKind.Choice => $"--{Name}{alias} NAME",
                ParameterKind.Text => $"--{Name}{alias} TEXT",
                ParameterKind.Address => $"--{Name}{alias} ADDRESS",
                ParameterKind.Number when _reading is Reading.Signal => $"--{Name}{alias} SIGNAL",
                _ => $"--{Name}{alias} NUMBER",
            };
        }
    }

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
        return isBoolean == Kind is ParameterKind.Switch && TryBytes(isBoolean ? text.ToLowerInvariant() : text) is { } bytes
            ? bytes
            : throw new EbpfFormatException("PM8022", $"variable `{Global.Name}`: its `default`: expected {(Kind is ParameterKind.Switch ? "true or false" : Range)}, got {_stated}", where);
    }

    /// <summary>The flag for a global; null where pm knows no way to write its values.</summary>
    internal static Parameter? Of(GlobalSpec global, FlagNote? note)
    {
        var type = global.Type.Resolve();
        ParameterKind? kind = type.Kind switch
        {
            _ when (MemberReadings.IsAddress(type) || (note?.Reading is Reading.Address && MemberReadings.CanBe(type, Reading.Address))) && global.Size == BtfLayout.SizeOf(type) => ParameterKind.Address,
            BtfKind.Integer when type.IntegerEncoding.IsBoolean && global.Size == 1 => ParameterKind.Switch,
            BtfKind.Integer when global.Size is 1 or 2 or 4 or 8 => ParameterKind.Number,
            BtfKind.Float when global.Size is 4 or 8 => ParameterKind.Fraction,
            BtfKind.Enum or BtfKind.Enum64 when global.Size is 1 or 2 or 4 or 8 => ParameterKind.Choice,
            BtfKind.Array when global.Size > 1 && type.Target.Resolve() is { Kind: BtfKind.Integer, Size: 1 } => ParameterKind.Text,
            _ => null,
        };
        return kind is { } known ? new Parameter(global, type, known, note) : null;
    }

    /// <summary>The bytes of a value.</summary>
    /// <param name="flag">As it was written.</param>
    /// <param name="text">Its value.</param>
    /// <exception cref="ParameterException">PM8051: it is none.</exception>
    internal byte[] Bytes(string flag, string text) =>
        TryBytes(text) ?? throw new ParameterException("PM8051", $"flag `{flag}`: expected {Range}, got `{text}`", "`pm run FILE -- --help` lists the flags");

    internal static string KebabCase(string name) => name.Trim('_').Replace('_', '-').ToLowerInvariant();

    byte[]? TryBytes(string text)
    {
        var bytes = new byte[Global.Size];
        var isOne = Kind switch
        {
            ParameterKind.Switch => TrySwitch(text, bytes),
            ParameterKind.Number => (TryNumber(text, out var number) || TrySignal(text, out number)) && TryWhole(number, bytes),
            ParameterKind.Address => AddressValue.TryWrite(text, bytes),
            ParameterKind.Choice => TryChoice(text, bytes),
            ParameterKind.Fraction => TryFraction(text, bytes),
            _ => TryText(text, bytes),
        };
        return isOne ? bytes : null;
    }

    static bool TrySwitch(string text, byte[] bytes)
    {
        bytes[0] = text is "true" or "1" ? (byte)1 : (byte)0;
        return text is "true" or "1" or "false" or "0";
    }

    static bool TryNumber(string text, out Int128 number)
    {
        var isNegative = text.StartsWith('-');
        var digits = text.AsSpan(isNegative ? 1 : 0);
        var isHexadecimal = digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && digits.Length <= 18;
        var isOne = Int128.TryParse(
            isHexadecimal ? digits[2..] : digits, isHexadecimal ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out number);
        number = isNegative ? -number : number;
        return isOne;
    }

    bool TrySignal(string text, out Int128 number)
    {
        var found = _reading is Reading.Signal ? SignalNames.Find(text) : null;
        number = found ?? 0;
        return found is not null;
    }

    bool TryWhole(Int128 number, byte[] bytes)
    {
        if (number < Lowest || number > Highest)
        {
            return false;
        }

        Span<byte> all = stackalloc byte[16];
        BinaryPrimitives.WriteInt128LittleEndian(all, number);
        all[..bytes.Length].CopyTo(bytes);
        return true;
    }

    bool TryChoice(string text, byte[] bytes)
    {
        var chosen = Choices.Where(c => c.Name == text || c.Name.Equals(text.Replace('-', '_'), StringComparison.OrdinalIgnoreCase)).Select(c => (long?)c.Value).FirstOrDefault();
        if (chosen is null && TryNumber(text, out var number) && Choices.Any(c => c.Value == number))
        {
            chosen = (long)number;
        }

        Span<byte> all = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(all, chosen ?? 0);
        all[..bytes.Length].CopyTo(bytes);
        return chosen is not null;
    }

    static bool TryFraction(string text, byte[] bytes)
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

    static bool TryText(string text, byte[] bytes)
    {
        var encoded = Encoding.UTF8.GetBytes(text);
        if (encoded.Length >= bytes.Length || encoded.Contains((byte)0))
        {
            return false;
        }

        encoded.CopyTo(bytes, 0);
        return true;
    }

    string Shown(ReadOnlySpan<byte> bytes)
    {
        switch (Kind)
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
                return Choices.Where(c => c.Value == number).Select(c => c.Name).FirstOrDefault() ?? (_reading is Reading.Signal ? SignalNames.All.Where(s => s.Value == number).Select(s => s.Name).FirstOrDefault() : null) ?? number.ToString(CultureInfo.InvariantCulture);
        }
    }

    Int128 Whole(ReadOnlySpan<byte> bytes)
    {
        Int128 number = 0;
        for (var i = bytes.Length - 1; i >= 0; i--)
        {
            number = number << 8 | bytes[i];
        }

        return IsSigned && number > Highest ? number - (Int128.One << Bits) : number;
    }
}
