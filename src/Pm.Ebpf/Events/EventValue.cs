using System.Buffers.Binary;

namespace Pm.Ebpf.Events;

/// <summary>Writes one value.</summary>
static class EventValue
{
    public static void Write(in EventStep step, ReadOnlySpan<byte> bytes, EventBuffer into, EventForm form)
    {
        switch (step.Kind)
        {
            case EventStepKind.Text:
                Text(step, bytes, into, form);
                break;
            case EventStepKind.Boolean:
                into.Append((bytes is [var only] && step.Bits == 0 ? only == 0 : Unsigned(step, bytes) == 0) ? "false"u8 : "true"u8);
                break;
            case EventStepKind.Address:
                Address(BinaryPrimitives.ReadUInt64LittleEndian(bytes), into, form);
                break;
            case EventStepKind.InternetAddress:
                Internet(bytes, into, form);
                break;
            case EventStepKind.Time when form is not EventForm.Json && BinaryPrimitives.ReadInt64LittleEndian(bytes) > 0:
                Quote(into, form);
                step.Clock!.Write(BinaryPrimitives.ReadInt64LittleEndian(bytes), into);
                Quote(into, form);
                break;
            case EventStepKind.Float:
                Float(step.Size == 4 ? BinaryPrimitives.ReadSingleLittleEndian(bytes) : BinaryPrimitives.ReadDoubleLittleEndian(bytes), step.Size == 4, into, form);
                break;
            default:
                Number(step, bytes, into, form);
                break;
        }
    }

    static void Text(in EventStep step, ReadOnlySpan<byte> bytes, EventBuffer into, EventForm form)
    {
        if (step.IsSeveral)
        {
            Text(form, bytes[..(bytes.LastIndexOfAnyExcept((byte)0) + 1)], into, isSeveral: true);
            return;
        }

        var end = bytes.IndexOf((byte)0);
        Text(form, end < 0 ? bytes : bytes[..end], into);
    }

    static void Text(EventForm form, ReadOnlySpan<byte> text, EventBuffer into, bool isSeveral = false)
    {
        switch (form)
        {
            case EventForm.Json or EventForm.Inner:
                EventText.Quoted(text, into, isSeveral);
                break;
            case EventForm.Word:
                EventText.OneWord(text, into, isSeveral);
                break;
            default:
                EventText.Bare(text, into, isSeveral);
                break;
        }
    }

    static void Number(in EventStep step, ReadOnlySpan<byte> bytes, EventBuffer into, EventForm form)
    {
        if (step.Names is { } names && !(names.AreForPeople && form is EventForm.Json))
        {
            var known = Unsigned(step, bytes);
            if ((step.Bits == 0 ? names.Of((ulong)known) : names.OfBits((ulong)known, step.Bits, step.IsSigned)) is { } name)
            {
                Text(form, name, into);
                return;
            }

            if (names.HasNumbers)
            {
                Unknown(step, known, into, form);
                return;
            }
        }

        if (step.Bits == 0 && TryDigits(bytes, !step.IsSigned, into))
        {
            return;
        }

        var value = Unsigned(step, bytes);

        // JSON's readers take numbers of 64 bits at most.
        var isQuoted = IsQuoted(form) && step.Size > 8 && step.Bits == 0;
        if (isQuoted)
        {
            into.Append((byte)'"');
        }

        if (!step.IsSigned)
        {
            Digits(value, into);
        }
        else
        {
            Digits(Extended(value, step.Bits != 0 ? step.Bits : 8 * step.Size), into);
        }

        if (isQuoted)
        {
            into.Append((byte)'"');
        }
    }

    /// <summary>Nearly all numbers are of a size that the processor knows: arithmetic of 128 bits costs several times as much.</summary>
    static bool TryDigits(ReadOnlySpan<byte> bytes, bool isUnsigned, EventBuffer into)
    {
        switch (bytes.Length)
        {
            case 4 when isUnsigned:
                into.Append(BinaryPrimitives.ReadUInt32LittleEndian(bytes));
                return true;
            case 4:
                into.Append(BinaryPrimitives.ReadInt32LittleEndian(bytes));
                return true;
            case 8 when isUnsigned:
                into.Append(BinaryPrimitives.ReadUInt64LittleEndian(bytes));
                return true;
            case 8:
                into.Append(BinaryPrimitives.ReadInt64LittleEndian(bytes));
                return true;
            case 2:
                into.Append(isUnsigned ? (int)BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadInt16LittleEndian(bytes));
                return true;
            case 1:
                into.Append(isUnsigned ? (int)bytes[0] : (sbyte)bytes[0]);
                return true;
            default:
                return false;
        }
    }

    static void Unknown(in EventStep step, UInt128 value, EventBuffer into, EventForm form)
    {
        into.Append(IsQuoted(form) ? "\"<UNKNOWN_VARIANT>("u8 : "<UNKNOWN_VARIANT>("u8);
        if (!step.IsSigned)
        {
            Digits(value, into);
        }
        else
        {
            Digits(Extended(value, 8 * step.Size), into);
        }

        into.Append(IsQuoted(form) ? ")\""u8 : ")"u8);
    }

    static void Digits(UInt128 value, EventBuffer into)
    {
        if (value <= ulong.MaxValue)
        {
            into.Append((ulong)value);
        }
        else
        {
            into.Append(value);
        }
    }

    static void Digits(Int128 value, EventBuffer into)
    {
        if (value >= long.MinValue && value <= long.MaxValue)
        {
            into.Append((long)value);
        }
        else
        {
            into.Append(value);
        }
    }

    static UInt128 Unsigned(in EventStep step, ReadOnlySpan<byte> bytes)
    {
        if (step.Bits != 0)
        {
            return Gathered(bytes) >> step.Shift & ((UInt128.One << step.Bits) - 1);
        }

        return bytes.Length switch
        {
            1 => bytes[0],
            2 => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            4 => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            8 => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
            _ => Gathered(bytes),
        };
    }

    static UInt128 Gathered(ReadOnlySpan<byte> bytes)
    {
        UInt128 value = 0;
        for (var i = bytes.Length - 1; i >= 0; i--)
        {
            value = value << 8 | bytes[i];
        }

        return value;
    }

    static Int128 Extended(UInt128 value, int bits) => (Int128)(value << 128 - bits) >> 128 - bits;

    static void Address(ulong value, EventBuffer into, EventForm form)
    {
        Quote(into, form);
        into.Append("0x"u8);
        into.Append(value, "x");
        Quote(into, form);
    }

    static void Internet(ReadOnlySpan<byte> bytes, EventBuffer into, EventForm form)
    {
        Quote(into, form);
        AddressText.Write(bytes, into);
        Quote(into, form);
    }

    static bool IsQuoted(EventForm form) => form is EventForm.Json or EventForm.Inner;

    static void Quote(EventBuffer into, EventForm form)
    {
        if (IsQuoted(form))
        {
            into.Append((byte)'"');
        }
    }

    static void Float(double value, bool isSingle, EventBuffer into, EventForm form)
    {
        var isQuoted = IsQuoted(form) && !double.IsFinite(value);
        if (isQuoted)
        {
            into.Append((byte)'"');
        }

        if (isSingle)
        {
            into.Append((float)value);
        }
        else
        {
            into.Append(value);
        }

        if (isQuoted)
        {
            into.Append((byte)'"');
        }
    }
}
