using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Pm.Ebpf.Objects;
using Pm.Ebpf.Parameters;

namespace Pm.Ebpf.Eunomia;

/// <summary>Makes bytes of what a command line says, as the variables of an object have them.</summary>
public static class EunomiaValues
{
    /// <summary>The bytes for each variable, by its name, for <see cref="Loading.RunOptions.Values"/>.</summary>
    /// <param name="meta">Which variables there are.</param>
    /// <param name="spec">Where they lie.</param>
    /// <param name="arguments">What they are set to.</param>
    /// <param name="isStrict">Nothing is an error that is not said; else it is zero, where a flag could have said it.</param>
    /// <exception cref="ParameterException">PM8051: a value will not do.</exception>
    /// <exception cref="EbpfFormatException">PM8064: the object has no such variable.</exception>
    public static Dictionary<string, ReadOnlyMemory<byte>> Of(EunomiaMeta meta, BpfSpec spec, EunomiaArguments arguments, bool isStrict = false)
    {
        ArgumentNullException.ThrowIfNull(meta);
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(arguments);
        var values = new Dictionary<string, ReadOnlyMemory<byte>>();
        foreach (var variable in meta.Variables.Where(v => v.IsFlag))
        {
            var global = spec.Globals.FirstOrDefault(g => g.Name == variable.Name && g.Section == variable.Section)
                ?? throw new EbpfFormatException("PM8064", $"variable `{variable.Name}`: the object has none of that name in section `{variable.Section}`", spec.Where);
            if (arguments.Values.TryGetValue(variable.Name, out var text))
            {
                values[variable.Name] = Bytes(variable, text, global.Size);
            }
            else if (isStrict)
            {
                throw new ParameterException("PM8051", $"Variable `{variable.Name}` has neither default values nor command-line sources", "`--help` lists the flags");
            }
            else if (Reads(variable.Type))
            {
                values[variable.Name] = new byte[global.Size];
            }
        }

        return values;
    }

    /// <summary>The bytes of a value: little-endian numbers, text with a NUL behind it.</summary>
    /// <exception cref="ParameterException">PM8051: it is none of the type, or does not fit.</exception>
    public static byte[] Bytes(EunomiaVariable variable, string text, int size)
    {
        ArgumentNullException.ThrowIfNull(variable);
        var bytes = new byte[size];
        var (isFitting, type) = Whole(variable.Type) is var (lowest, highest, name)
            ? (TryWhole(text, lowest, highest, name, bytes), name)
            : variable.Type switch
            {
                "bool" => (TryBoolean(text, bytes), "bool"),
                "float" => (TryFloat(text, bytes), "f32"),
                "double" => (TryDouble(text, bytes), "f64"),
                _ when TextLength(variable.Type) is { } length => (TryText(text, Math.Min(length, size), bytes), $"`{variable.Type}`"),
                _ => throw Wrong($"Not supporting parsing into type `{variable.Type}`"),
            };
        return isFitting ? bytes : throw Wrong($"variable `{variable.Name}`: {type} does not fit into {size} bytes");
    }

    /// <summary>Whether a flag can set variables of the type.</summary>
    internal static bool Reads(string type) => Whole(type) is not null || type is "bool" or "float" or "double" || TextLength(type) is not null;

    static (Int128 Lowest, Int128 Highest, string Name)? Whole(string type) => type switch
    {
        "pid_t" or "int" => (int.MinValue, int.MaxValue, "i32"),
        "short" => (short.MinValue, short.MaxValue, "i16"),
        "long" or "long long" => (long.MinValue, long.MaxValue, "i64"),
        "unsigned short" => (0, ushort.MaxValue, "u16"),
        "unsigned int" => (0, uint.MaxValue, "u32"),
        "unsigned long long" => (0, ulong.MaxValue, "u64"),
        _ => null,
    };

    /// <summary>Of <c>char[N]</c>, N.</summary>
    static int? TextLength(string type) =>
        type.StartsWith("char[", StringComparison.Ordinal) && type.EndsWith(']')
        && int.TryParse(type.AsSpan(5, type.Length - 6), NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? length : null;

    static bool TryWhole(string text, Int128 lowest, Int128 highest, string type, byte[] bytes)
    {
        if (text.Length > 40 || !Int128.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) || number < lowest || number > highest)
        {
            throw NotOf(text, type);
        }

        Span<byte> all = stackalloc byte[16];
        BinaryPrimitives.WriteInt128LittleEndian(all, number);
        if (bytes.Length is 0 or > 16)
        {
            return false;
        }

        all[..bytes.Length].CopyTo(bytes);

        // What the object has may be smaller than what the package says of it.
        var isNegative = lowest < 0 && bytes[^1] >= 0x80;
        return all[bytes.Length..].IndexOfAnyExcept(isNegative ? (byte)0xff : (byte)0) < 0;
    }

    static bool TryBoolean(string text, byte[] bytes)
    {
        if (text is not ("true" or "false"))
        {
            throw NotOf(text, "bool");
        }

        if (bytes.Length > 0)
        {
            bytes[0] = text == "true" ? (byte)1 : (byte)0;
        }

        return bytes.Length > 0;
    }

    static bool TryFloat(string text, byte[] bytes)
    {
        var number = float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed) ? parsed : throw NotOf(text, "f32");
        return bytes.Length == 4 && BinaryPrimitives.TryWriteSingleLittleEndian(bytes, number);
    }

    static bool TryDouble(string text, byte[] bytes)
    {
        var number = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed) ? parsed : throw NotOf(text, "f64");
        return bytes.Length == 8 && BinaryPrimitives.TryWriteDoubleLittleEndian(bytes, number);
    }

    static bool TryText(string text, int length, byte[] bytes)
    {
        var encoded = Encoding.UTF8.GetBytes(text);
        if (encoded.Contains((byte)0) || encoded.Length >= length)
        {
            throw Wrong($"`{text}` is too long: at most {Math.Max(0, length - 1)} bytes, got {encoded.Length}");
        }

        encoded.CopyTo(bytes, 0);
        return true;
    }

    static ParameterException NotOf(string text, string type) => Wrong($"Failed to parse `{text}` into {type}");

    static ParameterException Wrong(string message) => new("PM8051", message, "`--help` lists the flags");
}
