using System.Globalization;
using System.Text;
using Pm.Ebpf.Btf;

namespace Pm.Ebpf.Events;

/// <summary>The names of an enumeration's values, ready to be written.</summary>
sealed class EnumNames
{
    /// <summary>Values below this are looked up by themselves.</summary>
    const int Small = 64;

    /// <summary><c>SIGCHLD</c>, <c>ENOENT</c>, <c>EAGAIN</c>.</summary>
    const int UsualLength = 8;

    readonly Dictionary<ulong, byte[]> _names = [];
    readonly byte[]?[] _small = new byte[]?[Small];
    readonly ulong _mask;

    public EnumNames(BtfType type, EventDialect dialect)
    {
        HasNumbers = dialect is EventDialect.Eunomia;
        var size = (int)type.Size;
        // A compiler that knows no signed enumerations writes -1 of 32 bits as 4294967295: only the bits count.
        _mask = MaskOf(size);
        foreach (var (name, value) in type.Enumerators)
        {
            var shown = EventNames.Checked(type, name);
            if (_names.TryAdd((ulong)value & _mask, HasNumbers ? [.. shown, (byte)'(', .. Encoding.ASCII.GetBytes(value.ToString(CultureInfo.InvariantCulture)), (byte)')'] : shown))
            {
                Longest = Math.Max(Longest, name.Length);
            }
        }

        FillSmall();
    }

    /// <summary>Names that a number has in what people read: elsewhere it stays one.</summary>
    /// <param name="names">What each value is called.</param>
    /// <param name="size">Bytes of the number.</param>
    public EnumNames(IEnumerable<(long Value, string Name)> names, int size)
    {
        AreForPeople = true;
        _mask = MaskOf(size);
        // What a number of that size cannot be would be taken for what it can.
        foreach (var (value, name) in names.Where(n => size >= 8 || (n.Value >= -(1L << 8 * size - 1) && n.Value < 1L << 8 * size)))
        {
            _names.TryAdd((ulong)value & _mask, Encoding.ASCII.GetBytes(name));
        }

        Longest = UsualLength;
        FillSmall();
    }

    /// <summary>Behind each name its value stands, and a value without a name has a word for that.</summary>
    public bool HasNumbers { get; }

    /// <summary>JSON has the number.</summary>
    public bool AreForPeople { get; }

    /// <summary>Bytes of the longest name, or of those that come often.</summary>
    public int Longest { get; }

    static ulong MaskOf(int size) => size >= 8 ? ulong.MaxValue : (1ul << 8 * size) - 1;

    void FillSmall()
    {
        foreach (var (value, name) in _names.Where(n => n.Key < Small))
        {
            _small[value] = name;
        }
    }

    /// <summary>The first name that stands for the value; null for none, as when several values are added up.</summary>
    public byte[]? Of(ulong value) => (value & _mask) is < Small and var small ? _small[small] : _names.GetValueOrDefault(value & _mask);

    /// <summary>The same of a bit-field, which has the lowest bits of a value alone; of one that is below zero, ones stood before them.</summary>
    /// <param name="value">Its bits.</param>
    /// <param name="bits">How many.</param>
    /// <param name="isSigned">The enumeration is known to have a sign. Where it is not, a value that is the bits as they are goes first.</param>
    public byte[]? OfBits(ulong value, int bits, bool isSigned)
    {
        var below = bits < 64 && value >> (bits - 1) != 0 ? value | ulong.MaxValue << bits : value;
        return isSigned ? Of(below) : Of(value) ?? Of(below);
    }
}
