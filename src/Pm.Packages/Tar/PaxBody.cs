using System.Text;

namespace Pm.Packages.Tar;

/// <summary>The records of a pax header being written, in the order in which they are added.</summary>
sealed class PaxBody
{
    readonly List<byte> _bytes = [];

    public int Length => _bytes.Count;

    public void AddIf(bool isNeeded, ReadOnlySpan<byte> keyword, ReadOnlySpan<byte> value)
    {
        if (!isNeeded)
        {
            return;
        }

        // The length counts its own digits.
        var rest = keyword.Length + value.Length + " =\n".Length;
        var length = rest + Digits(rest);
        length = rest + Digits(length);
        _bytes.AddRange(Encoding.ASCII.GetBytes($"{length} "));
        _bytes.AddRange(keyword);
        _bytes.Add((byte)'=');
        _bytes.AddRange(value);
        _bytes.Add((byte)'\n');
    }

    /// <summary>The records with zeros up to the next block.</summary>
    public byte[] Padded()
    {
        var padded = new byte[(Length + TarInput.BlockSize - 1) / TarInput.BlockSize * TarInput.BlockSize];
        _bytes.CopyTo(padded);
        return padded;
    }

    static int Digits(int value)
    {
        var digits = 1;
        for (; value >= 10; value /= 10)
        {
            digits++;
        }

        return digits;
    }
}
