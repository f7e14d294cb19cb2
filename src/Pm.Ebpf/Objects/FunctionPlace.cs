using System.Globalization;

namespace Pm.Ebpf.Objects;

/// <summary>A function of the kernel or of a file, or a place in one.</summary>
/// <param name="File">A path, or the name of a library or program that is looked for; of a function of the kernel the module that has it, <see cref="KernelItself"/>, or empty where that is not said.</param>
/// <param name="Function">Empty where only the place in the file is known.</param>
/// <param name="Offset">In bytes from the function's begin, or the file's.</param>
public sealed record FunctionPlace(string File, string Function, ulong Offset)
{
    /// <summary>What the kernel without its modules is called where a module is. Source: find_kernel_btf_id of libbpf 1.6.</summary>
    public const string KernelItself = "vmlinux";

    /// <summary>Of a function of the kernel: it is said in which module it is, or that it is in none.</summary>
    public bool IsInModule => File.Length > 0;

    /// <summary>As the kernel takes it for a kprobe: <c>FUNCTION</c>, <c>MODULE:FUNCTION</c>.</summary>
    public string KernelName => File is "" or KernelItself ? Function : $"{File}:{Function}";

    /// <summary>The function of the kernel that a program is for; null for kinds that are for something else, and where it is not said.</summary>
    public static FunctionPlace? Of(ProgramHook hook)
    {
        ArgumentNullException.ThrowIfNull(hook);
        return hook.Kind is HookKind.Kprobe or HookKind.Kretprobe or HookKind.Fentry or HookKind.Fexit or HookKind.FmodRet ? OfKernel(hook.Target) : null;
    }

    /// <summary><c>FUNCTION</c>, <c>FUNCTION+OFFSET</c>, both also with <c>MODULE:</c> before.</summary>
    public static FunctionPlace? OfKernel(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? Parse("", text) : colon == 0 || text[..colon].Contains('/', StringComparison.Ordinal) ? null : Parse(text[..colon], text[(colon + 1)..]);
    }

    /// <summary><c>FILE:FUNCTION</c>, <c>FILE:FUNCTION+OFFSET</c>, <c>FILE:0xOFFSET</c>.</summary>
    public static FunctionPlace? OfFile(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var colon = text.LastIndexOf(':');
        return colon <= 0 ? null
            : text[(colon + 1)..] is var place && place.StartsWith("0x", StringComparison.Ordinal)
                ? Number(place) is { } offset ? new FunctionPlace(text[..colon], "", offset) : null
                : Parse(text[..colon], place);
    }

    static FunctionPlace? Parse(string file, string text)
    {
        var plus = text.IndexOf('+', StringComparison.Ordinal);
        var name = plus < 0 ? text : text[..plus];
        return name.Length == 0 || name.AsSpan().ContainsAny('/', ':') ? null
            : plus < 0 ? new FunctionPlace(file, name, 0)
            : Number(text[(plus + 1)..]) is { } offset ? new FunctionPlace(file, name, offset) : null;
    }

    static ulong? Number(string text) => text.StartsWith("0x", StringComparison.Ordinal)
        ? ulong.TryParse(text[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number) ? number : null
        : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) ? number : null;
}
