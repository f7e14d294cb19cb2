using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Pm.Ebpf.Btf;
using Pm.Ebpf.Objects;

namespace Pm.Ebpf.Fitting;

/// <summary>
/// What libbpf makes of a variable in <c>.kconfig</c>, by which an object learns how the kernel was built.
/// Source: bpf_object__resolve_externs, bpf_object__read_kconfig_file, find_kcfg_type of libbpf.
/// </summary>
/// <param name="Value">What the program finds there; null where that is not known.</param>
/// <param name="Fault">Why libbpf refuses the whole object; null where it does not.</param>
/// <param name="IsOpen">Whether it does is not known.</param>
/// <param name="IsPatchOpen">The first byte of the value is not known.</param>
readonly record struct KernelSetting(byte[]? Value, string? Fault = null, bool IsOpen = false, bool IsPatchOpen = false)
{
    public const string Section = ".kconfig";
    public const string Version = "LINUX_KERNEL_VERSION";

    const string Virtual = "LINUX_";

    /// <summary>Bytes of a value that is followed: an object may ask for an array of any size.</summary>
    const int MostKept = 4096;

    enum Form
    {
        Other,
        Boolean,
        Tristate,
        Character,
        Integer,
        Text,
    }

    /// <param name="external">The variable.</param>
    /// <param name="configuration">What the kernel was built with; null where that is not known.</param>
    /// <param name="version">The kernel's; null where that is not known.</param>
    public static KernelSetting Of(ExternalSpec external, Func<KernelConfiguration?> configuration, LinuxVersion? version)
    {
        var (name, type) = (external.Name, external.Declaration.Target.Resolve());
        var form = FormOf(type);
        return form is Form.Other || BtfLayout.SizeOf(type) is not (> 0 and var size) ? Refused($"`{name}` is of a type that no setting of a kernel has: expected a number, `bool`, `enum libbpf_tristate` or an array of `char`")
            : name.StartsWith(KernelConfiguration.Prefix, StringComparison.Ordinal) ? OfBuild(external, form, size, type, configuration())
            : name == Version ? (version is { } known ? Number(name, (uint)known.Code, form, size, type) with { IsPatchOpen = known.IsPatchOpen } : default)
            : name is "LINUX_HAS_BPF_COOKIE" or "LINUX_HAS_SYSCALL_WRAPPER" ? default
            : !name.StartsWith(Virtual, StringComparison.Ordinal) ? Refused($"`{name}` is no setting of a kernel: expected `CONFIG_…` or `{Version}`")
            : external.IsWeak ? Zero(size)
            : Refused($"libbpf knows no `{name}`");
    }

    static KernelSetting OfBuild(ExternalSpec external, Form form, int size, BtfType type, KernelConfiguration? configuration) => configuration switch
    {
        null => new KernelSetting(null, IsOpen: !external.IsWeak),
        { IsMissing: true } => Refused($"this kernel does not say what it was built with, on which `{external.Name}` depends (/boot/config-…, /proc/config.gz)"),
        _ => configuration.Find(external.Name) is { } text ? Read(external.Name, text, form, size, type)
            : external.IsWeak ? Zero(size)
            : Refused($"this kernel was built without `{external.Name}`, which the object needs"),
    };

    static KernelSetting Read(string name, string text, Form form, int size, BtfType type) => (text[0], form) switch
    {
        ('m', Form.Boolean) => Refused($"`{name}` is a module in this kernel, which a `bool` does not say"),
        ('y' or 'n', Form.Boolean) => new KernelSetting([text[0] == 'y' ? (byte)1 : (byte)0]),
        ('y' or 'n' or 'm', Form.Tristate) => new KernelSetting([text[0] switch { 'y' => 1, 'm' => 2, _ => 0 }, 0, 0, 0]),
        ('y' or 'n' or 'm', Form.Character) => new KernelSetting([(byte)text[0]]),
        ('"', Form.Text) => text is ['"', .. var inner, '"'] ? Padded(inner, size) : Refused($"`{name}` of this kernel is a text without an end"),
        ('y' or 'n' or 'm' or '"', _) => OtherForm(name, text),
        _ => Parse(text) is { } number ? Number(name, number, form, size, type) : OtherForm(name, text),
    };

    static KernelSetting Zero(int size) => Padded("", size);

    /// <summary>Cut where it does not fit, with a zero behind it.</summary>
    static KernelSetting Padded(string text, int size)
    {
        if (size > MostKept)
        {
            return default;
        }

        var bytes = new byte[size];
        Encoding.Latin1.GetBytes(text.AsSpan(0, Math.Min(text.Length, size - 1)), bytes);
        return new KernelSetting(bytes);
    }

    /// <summary>As strtoull reads it, whatever its base.</summary>
    static ulong? Parse(string text)
    {
        var isNegative = text[0] == '-';
        var digits = text.AsSpan(isNegative || text[0] == '+' ? 1 : 0);
        ulong number = 0;
        if (digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            if (!ulong.TryParse(digits[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number))
            {
                return null;
            }
        }
        else if (digits is ['0', _, ..] || !ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number))
        {
            // An octal number, which no configuration has.
            return null;
        }

        return isNegative ? 0 - number : number;
    }

    static KernelSetting Number(string name, ulong number, Form form, int size, BtfType type)
    {
        var bits = size * 8;
        var fits = form switch
        {
            Form.Boolean => number <= 1,
            Form.Integer or Form.Character when size == sizeof(ulong) => true,
            Form.Integer or Form.Character => type.IntegerEncoding.IsSigned ? number + (1UL << (bits - 1)) < 1UL << bits : number >> bits == 0,
            _ => false,
        };
        if (!fits)
        {
            return OtherForm(name, number.ToString(CultureInfo.InvariantCulture));
        }

        var bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, number);
        return new KernelSetting(bytes[..size]);
    }

    static Form FormOf(BtfType type) => type.Kind switch
    {
        BtfKind.Integer when type.IntegerEncoding.IsBoolean => type.Size == 1 ? Form.Boolean : Form.Other,
        BtfKind.Integer => type.Size switch { 1 => Form.Character, 2 or 4 or 8 => Form.Integer, _ => Form.Other },
        BtfKind.Enum => type.Size == 4 && type.Name == "libbpf_tristate" ? Form.Tristate : Form.Other,
        BtfKind.Array => type.Length > 0 && type.Target.Resolve() is { Kind: BtfKind.Integer, Size: 1 } of && !of.IntegerEncoding.IsBoolean ? Form.Text : Form.Other,
        _ => Form.Other,
    };

    static KernelSetting OtherForm(string name, string text) => Refused($"`{name}` of this kernel is `{text}`, which the object's variable does not hold");

    static KernelSetting Refused(string fault) => new(null, fault);
}
