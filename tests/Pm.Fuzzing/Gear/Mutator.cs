using System.Globalization;
using System.Text;

namespace Pm.Fuzzing.Gear;

/// <summary>Damages inputs: bits, bytes, numbers, words, lengths, and pieces of other inputs.</summary>
sealed class Mutator(FuzzTarget target, Dice dice)
{
    const int MostChanges = 6;

    /// <summary>Where lengths and counts are compared, added, cast and multiplied.</summary>
    static readonly long[] Numbers =
    [
        0, 1, -1, 2, 7, 8, 31, 32, 63, 64, 127, 128, 255, 256, 511, 512, 1023, 4095, 4096, 8191, 8192, 65535, 65536, 1 << 20,
        int.MaxValue, int.MaxValue - 7L, int.MinValue, uint.MaxValue, 1L << 32, 1L << 33, 1L << 40, (1L << 53) - 1, 1L << 53,
        long.MaxValue, long.MaxValue - 7, long.MaxValue - 511, long.MinValue,
    ];

    /// <summary>A new input.</summary>
    /// <param name="seeds">How many of the pool come first and are accepted: half of all inputs start from them.</param>
    /// <param name="pool">Inputs with different answers.</param>
    public byte[] Mutate(int seeds, IReadOnlyList<byte[]> pool)
    {
        var from = pool[dice.Below(dice.Below(2) == 0 ? seeds : pool.Count)];
        if (target.Damage is { } damage && dice.Below(4) != 0)
        {
            return Damaged(from.ToArray(), damage);
        }

        var bytes = new List<byte>(from);
        for (var changes = 1 + dice.Small(MostChanges); changes > 0; changes--)
        {
            Change(bytes, pool);
        }

        if (bytes.Count > target.MaximumLength)
        {
            bytes.RemoveRange(target.MaximumLength, bytes.Count - target.MaximumLength);
        }

        var input = bytes.ToArray();
        return target.Repair is { } repair && dice.Below(2) == 0 ? repair(input) : input;
    }

    byte[] Damaged(byte[] bytes, Func<byte[], Dice, byte[]> damage)
    {
        for (var changes = 1 + dice.Small(MostChanges); changes > 0; changes--)
        {
            var changed = damage(bytes, dice);
            bytes = changed.Length <= target.MaximumLength ? changed : bytes;
        }

        return bytes;
    }

    void Change(List<byte> bytes, IReadOnlyList<byte[]> pool)
    {
        if (bytes.Count == 0)
        {
            bytes.Add((byte)dice.Below(256));
        }

        // Heads hold what steers a reader; half of the changes fall there.
        var at = dice.Below(2) == 0 ? dice.Small(bytes.Count) : dice.Below(bytes.Count);
        switch (dice.Below(14))
        {
            case 0 or 1:
                bytes[at] ^= (byte)(1 << dice.Below(8));
                break;
            case 2:
                bytes[at] = (byte)dice.Below(256);
                break;
            case 3 or 4:
                Insert(bytes, at, Word());
                break;
            case 5:
                Overwrite(bytes, at, Word());
                break;
            case 6:
                Overwrite(bytes, at, Binary());
                break;
            case 7 or 8:
                Renumber(bytes, at);
                break;
            case 9:
                bytes.RemoveRange(at, Math.Min(1 + dice.Small(64), bytes.Count - at));
                break;
            case 10:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 11:
                Insert(bytes, dice.Below(bytes.Count + 1), Piece(bytes, at));
                break;
            case 12:
                Splice(bytes, at, dice.Of(pool));
                break;
            default:
                Repeat(bytes, at);
                break;
        }
    }

    byte[] Word() => target.Words.Length == 0 ? Binary() : dice.Of(target.Words);

    /// <summary>A length field of some width in one of both orders.</summary>
    byte[] Binary()
    {
        var bytes = BitConverter.GetBytes(dice.Of(Numbers) + (dice.Below(4) == 0 ? dice.Below(9) - 4 : 0));
        var field = bytes[..(1 << dice.Below(4))];
        if (dice.Below(2) == 0)
        {
            Array.Reverse(field);
        }

        return field;
    }

    /// <summary>Another number in place of the next one that is written in digits.</summary>
    void Renumber(List<byte> bytes, int at)
    {
        var start = bytes.FindIndex(at, b => char.IsAsciiDigit((char)b));
        if (start < 0)
        {
            return;
        }

        var end = start;
        while (end < bytes.Count && char.IsAsciiDigit((char)bytes[end]))
        {
            end++;
        }

        var number = dice.Of(Numbers);
        var text = dice.Below(3) == 0 ? Convert.ToString(number, 8) : number.ToString(CultureInfo.InvariantCulture);
        // Fields of a fixed width keep it, as in tar.
        var isFixed = dice.Below(2) == 0;
        text = isFixed && text.Length < end - start ? text.PadLeft(end - start, '0') : text;
        bytes.RemoveRange(start, end - start);
        bytes.InsertRange(start, Encoding.ASCII.GetBytes(isFixed ? text[..Math.Min(text.Length, end - start)] : text));
    }

    byte[] Piece(List<byte> bytes, int at) => [.. bytes.GetRange(at, Math.Min(1 + dice.Small(600), bytes.Count - at))];

    void Splice(List<byte> bytes, int at, byte[] other)
    {
        if (other.Length > 0)
        {
            bytes.RemoveRange(at, bytes.Count - at);
            bytes.AddRange(other.AsSpan(dice.Below(2) == 0 ? Math.Min(at, other.Length - 1) : dice.Below(other.Length)));
        }
    }

    /// <summary>Nesting, long names, many entries.</summary>
    void Repeat(List<byte> bytes, int at)
    {
        var piece = dice.Below(2) == 0 ? Word() : Piece(bytes, at);
        var times = dice.Below(8) == 0 ? dice.Below(4000) : dice.Small(60);
        times = Math.Min(times, Math.Max(target.MaximumLength - bytes.Count, 0) / Math.Max(piece.Length, 1));
        var all = new byte[times * piece.Length];
        for (var i = 0; i < times; i++)
        {
            piece.CopyTo(all, i * piece.Length);
        }

        Insert(bytes, at, all);
    }

    static void Insert(List<byte> bytes, int at, byte[] piece) => bytes.InsertRange(at, piece);

    static void Overwrite(List<byte> bytes, int at, byte[] piece)
    {
        for (var i = 0; i < piece.Length && at + i < bytes.Count; i++)
        {
            bytes[at + i] = piece[i];
        }
    }
}
