using Pm.Ebpf.Sampling;

namespace Pm.Ebpf.Symbols;

/// <summary>Reads stacks out of events, and gives their addresses names.</summary>
public sealed class StackReader
{
    const int AddressSize = 8;

    readonly StackLayout _layout;
    readonly MapContent? _map;
    readonly StackNames _names;

    internal StackReader(StackLayout layout, MapContent? map, StackNames names) => (_layout, _map, _names) = (layout, map, names);

    public StackLayout Layout => _layout;

    /// <summary>What is in the kernel, the innermost first; null where the event says nothing of it.</summary>
    public IReadOnlyList<string>? Kernel(ReadOnlySpan<byte> record) =>
        Addresses(record, _layout.KernelStack, _layout.KernelSize, _layout.KernelId)?.Select(a => _layout.HasSymbols ? _names.OfKernel(a) : Bare(a)).ToList();

    /// <summary>What is in the process; null where the event says nothing of it.</summary>
    public IReadOnlyList<string>? User(ReadOnlySpan<byte> record)
    {
        var pid = Number(record, _layout.Pid);
        return Addresses(record, _layout.UserStack, _layout.UserSize, _layout.UserId)?.Select(a => _layout.HasSymbols && pid is not null ? _names.OfProcess((int)pid, a) : Bare(a)).ToList();
    }

    /// <summary>A number of the event; null where it is not there.</summary>
    public static long? Number(ReadOnlySpan<byte> record, (int Offset, int Size)? place) =>
        place is not var (offset, size) || size is 0 or > 8 || offset + size > record.Length ? null
        : size == 4 ? System.Buffers.Binary.BinaryPrimitives.ReadInt32LittleEndian(record[offset..])
        : (long)NumberPlaces.Read(record.Slice(offset, size));

    static string Bare(ulong address) => "0x" + address.ToString("x", System.Globalization.CultureInfo.InvariantCulture);

    List<ulong>? Addresses(ReadOnlySpan<byte> record, (int Offset, int Size)? stack, (int Offset, int Size)? length, (int Offset, int Size)? id)
    {
        if (stack is var (offset, size))
        {
            var there = Math.Max(0, Math.Min(size, record.Length - offset));
            return Take(record.Slice(Math.Min(offset, record.Length), (int)Math.Clamp(Number(record, length) ?? there, 0, there)));
        }

        // A negative number is an error of the helper that looked for the stack.
        return _map is not null && Number(record, id) is { } key
            ? key >= 0 && _map.TryRead(BitConverter.GetBytes((uint)key)) is { } value ? Take(value) : []
            : null;
    }

    static List<ulong> Take(ReadOnlySpan<byte> bytes)
    {
        var addresses = new List<ulong>();
        for (var at = 0; at + AddressSize <= bytes.Length && NumberPlaces.Read(bytes.Slice(at, AddressSize)) is not 0 and var address; at += AddressSize)
        {
            addresses.Add(address);
        }

        return addresses;
    }
}
