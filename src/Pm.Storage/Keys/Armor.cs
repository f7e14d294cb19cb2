using System.Text;

namespace Pm.Storage.Keys;

/// <summary>Writes ASCII armour. Source: RFC 4880, 6.</summary>
static class Armor
{
    const int LineLength = 64;

    /// <summary>A public key block; several keys may follow each other in it.</summary>
    public static string PublicKey(ReadOnlySpan<byte> data)
    {
        var text = new StringBuilder("-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n");
        var base64 = Convert.ToBase64String(data);
        for (var at = 0; at < base64.Length; at += LineLength)
        {
            text.Append(base64, at, Math.Min(LineLength, base64.Length - at)).Append('\n');
        }
        var sum = Checksum(data);
        ReadOnlySpan<byte> bytes = [(byte)(sum >> 16), (byte)(sum >> 8), (byte)sum];
        return text.Append('=').Append(Convert.ToBase64String(bytes)).Append("\n-----END PGP PUBLIC KEY BLOCK-----\n").ToString();
    }

    /// <summary>CRC-24. Source: RFC 4880, 6.1.</summary>
    static int Checksum(ReadOnlySpan<byte> data)
    {
        const int Start = 0xb704ce;
        const int Polynomial = 0x1864cfb;
        var sum = Start;
        foreach (var octet in data)
        {
            sum ^= octet << 16;
            for (var bit = 0; bit < 8; bit++)
            {
                sum <<= 1;
                sum ^= (sum & 0x1000000) != 0 ? Polynomial : 0;
            }
        }
        return sum & 0xffffff;
    }
}
