using System.Text;

namespace Pm.Storage.Keys;

/// <summary>ASCII armour for a public key. Source: RFC 4880, 6.1 and 6.2.</summary>
static class Armor
{
    const int LineLength = 64;
    const uint ChecksumStart = 0xb704ce;
    const uint ChecksumPolynomial = 0x1864cfb;

    public static string OfPublicKey(ReadOnlySpan<byte> key)
    {
        var text = new StringBuilder("-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n");
        var base64 = Convert.ToBase64String(key);
        for (var at = 0; at < base64.Length; at += LineLength)
        {
            text.Append(base64.AsSpan(at, Math.Min(LineLength, base64.Length - at))).Append('\n');
        }
        var checksum = Checksum(key);
        ReadOnlySpan<byte> bytes = [(byte)(checksum >> 16), (byte)(checksum >> 8), (byte)checksum];
        return text.Append('=').Append(Convert.ToBase64String(bytes)).Append("\n-----END PGP PUBLIC KEY BLOCK-----\n").ToString();
    }

    static uint Checksum(ReadOnlySpan<byte> data)
    {
        var checksum = ChecksumStart;
        foreach (var octet in data)
        {
            checksum ^= (uint)octet << 16;
            for (var bit = 0; bit < 8; bit++)
            {
                checksum <<= 1;
                if ((checksum & 0x1000000) != 0)
                {
                    checksum ^= ChecksumPolynomial;
                }
            }
        }
        return checksum & 0xffffff;
    }
}
