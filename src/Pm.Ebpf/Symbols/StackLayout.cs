using Pm.Ebpf.Btf;
using Pm.Ebpf.Eunomia;
using Pm.Ebpf.Objects;

namespace Pm.Ebpf.Symbols;

/// <summary>Where in an event what describes a stack lies: offset and size in bytes; null where it is not there.</summary>
public sealed record StackLayout
{
    public (int Offset, int Size)? Pid { get; init; }

    public (int Offset, int Size)? Cpu { get; init; }

    public (int Offset, int Size)? Command { get; init; }

    /// <summary>Bytes that are there of the kernel's stack, or a negative number.</summary>
    public (int Offset, int Size)? KernelSize { get; init; }

    public (int Offset, int Size)? UserSize { get; init; }

    /// <summary>Addresses of 8 bytes, the innermost first; zeroes fill it up.</summary>
    public (int Offset, int Size)? KernelStack { get; init; }

    public (int Offset, int Size)? UserStack { get; init; }

    /// <summary>The key of a stack in <see cref="Map"/>.</summary>
    public (int Offset, int Size)? KernelId { get; init; }

    public (int Offset, int Size)? UserId { get; init; }

    /// <summary>The map that keeps stacks.</summary>
    public MapSpec? Map { get; init; }

    public bool HasSymbols { get; init; } = true;

    /// <summary>By the names that people give such members; null where an event has no stack.</summary>
    public static StackLayout? Of(BtfType type, BpfSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (type.Resolve() is not { IsComposite: true } composite)
        {
            return null;
        }

        var maps = spec.Maps.Where(m => m.Kind is MapKind.StackTrace).Take(2).ToList();
        var layout = new StackLayout
        {
            Pid = Number(composite, "tgid") ?? Number(composite, "pid"),
            KernelSize = Number(composite, "kstack_sz") ?? Number(composite, "kstack_size") ?? Number(composite, "kern_stack_size"),
            UserSize = Number(composite, "ustack_sz") ?? Number(composite, "ustack_size") ?? Number(composite, "user_stack_size"),
            KernelStack = Addresses(composite, "kstack") ?? Addresses(composite, "kern_stack") ?? Addresses(composite, "kernel_stack"),
            UserStack = Addresses(composite, "ustack") ?? Addresses(composite, "user_stack"),
        };
        if (maps is [var map])
        {
            layout = layout with
            {
                Map = map,
                KernelId = Number(composite, "kern_stack_id") ?? Number(composite, "kernel_stack_id") ?? Number(composite, "kstack_id") ?? Number(composite, "stack_id"),
                UserId = Number(composite, "user_stack_id") ?? Number(composite, "ustack_id"),
            };
        }

        return layout is { KernelStack: null, UserStack: null, KernelId: null, UserId: null } ? null : layout;
    }

    /// <summary>The members that have addresses, which people are shown by their names.</summary>
    internal IReadOnlyCollection<string> ListsOf(BtfType type) => !HasSymbols ? []
        : [.. type.Resolve().Members.Where(m => !m.IsBitField && ((int)(m.BitOffset / 8) is var at) && (at == KernelStack?.Offset || at == UserStack?.Offset)).Select(m => m.Name)];

    /// <summary>As a package names the members.</summary>
    /// <exception cref="EbpfFormatException">PM8064: the event has no such member.</exception>
    internal static StackLayout Of(EunomiaStackFields fields, BtfType type, string map)
    {
        (int, int)? Named(string? name) => name is null ? null : Place(type.Resolve(), name)
            ?? throw new EbpfFormatException("PM8064", $"map `{map}`: `field_map` names a member `{name}`, which {type} has not");

        return new StackLayout
        {
            Pid = Named(fields.Pid),
            Cpu = Named(fields.Cpu),
            Command = Named(fields.Command),
            KernelSize = Named(fields.KernelSize),
            UserSize = Named(fields.UserSize),
            KernelStack = Named(fields.KernelStack),
            UserStack = Named(fields.UserStack),
            HasSymbols = fields.HasSymbols,
        };
    }

    static (int Offset, int Size)? Number(BtfType type, string name) =>
        Find(type, name) is { } member && member.Type.Resolve() is { Kind: BtfKind.Integer, Size: 4 or 8 } ? Place(type, name) : null;

    static (int Offset, int Size)? Addresses(BtfType type, string name) =>
        Find(type, name) is { } member && member.Type.Resolve() is { Kind: BtfKind.Array } array && array.Target.Resolve() is { Kind: BtfKind.Integer, Size: 8 } ? Place(type, name) : null;

    static (int Offset, int Size)? Place(BtfType type, string name) =>
        Find(type, name) is { } member && BtfLayout.SizeOf(member.Type) is { } size ? ((int)(member.BitOffset / 8), size) : null;

    static BtfMember? Find(BtfType type, string name) =>
        type.IsComposite && type.Members.FirstOrDefault(m => m.Name == name && !m.IsBitField) is { Name.Length: > 0 } member ? member : null;
}
