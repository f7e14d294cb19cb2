using System.Buffers;
using Pm.Ebpf.Btf;

namespace Pm.Ebpf.Objects;

/// <summary>A variable of an object, which lies in a map that the kernel maps into its reader's memory.</summary>
public sealed record GlobalSpec
{
    static readonly SearchValues<char> OfEnumerators = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

    public required string Name { get; init; }

    /// <summary><c>.rodata</c>, <c>.data</c>, <c>.bss</c>, or one of these with a further name.</summary>
    public required string Section { get; init; }

    /// <summary>In bytes from the section's begin.</summary>
    public required int Offset { get; init; }

    public required int Size { get; init; }

    /// <summary>As it is declared, qualifiers and all.</summary>
    public required BtfType Type { get; init; }

    /// <summary>What it holds before anybody sets it; empty stands for nothing but zeroes.</summary>
    public required ReadOnlyMemory<byte> Default { get; init; }

    /// <summary>Only this source sees it: a constant of a function, or private.</summary>
    public required bool IsStatic { get; init; }

    /// <summary>A program refers to it.</summary>
    public required bool IsUsed { get; init; }

    /// <summary>It cannot be changed any more once the object is loaded.</summary>
    public bool IsConstant => Section.StartsWith(".rodata", StringComparison.Ordinal);

    /// <summary>A user may set it: <c>const volatile</c>, and no part of a function.</summary>
    public bool IsParameter => IsConstant && !IsStatic && IsVolatile(Type) && Enumerator is null;

    /// <summary>
    /// The value of one of the kernel's enumerations that it stands for, and is when the object is loaded: of <c>const volatile __u64 __NAME</c>, which nobody set, <c>NAME</c>; null: it stands for itself.
    /// </summary>
    public string? Enumerator => IsConstant && !IsStatic && Size == sizeof(long) && Name.Length > 2 && Name.StartsWith("__", StringComparison.Ordinal)
        && Name.AsSpan(2).IndexOfAnyExcept(OfEnumerators) < 0 && IsVolatile(Type) && !Default.Span.ContainsAnyExcept((byte)0) && Type.Resolve().Kind is BtfKind.Integer
            ? Name[2..]
            : null;

    static bool IsVolatile(BtfType type)
    {
        var isVolatile = false;
        for (var depth = 0; depth < BtfLimits.Depth && (type.IsModifier || type.Kind is BtfKind.Array); depth++, type = type.Target)
        {
            isVolatile |= type.Kind is BtfKind.Volatile;
        }

        return isVolatile;
    }
}
