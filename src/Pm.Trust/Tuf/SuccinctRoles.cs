using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Pm.Codecs;

namespace Pm.Trust.Tuf;

/// <summary>
/// Hashed bins in a few words: a power of two of roles with the same keys, each for the paths whose SHA-256 begins with the bits
/// of its number. None of them ends a search. Source: TAP 15.
/// </summary>
/// <param name="Keys">Whose signatures each bin needs.</param>
/// <param name="BitLength">1 to 32: of how many bits the numbers are.</param>
/// <param name="NamePrefix">What stands before the number in a bin's name, and a dash.</param>
public sealed record SuccinctRoles(RoleKeys Keys, int BitLength, string NamePrefix)
{
    const int DigestBits = 32;
    const int DigitBits = 4;

    /// <summary>How many bins there are.</summary>
    public long Count => 1L << BitLength;

    /// <exception cref="MetadataException">A field is missing or wrong.</exception>
    public static SuccinctRoles Parse(JsonFields fields)
    {
        var (bits, prefix) = (fields.Number("bit_length", 1), fields.Text("name_prefix"));
        return bits > DigestBits ? throw new MetadataException($"{fields.Where}.bit_length: expected 1 to {DigestBits}, got {bits}")
            : prefix.Length > MetadataLimits.RoleName ? throw new MetadataException(
                $"{fields.Where}.name_prefix: expected at most {MetadataLimits.RoleName} characters, got {prefix.Length}")
            : new SuccinctRoles(RoleKeys.Parse(fields), (int)bits, prefix);
    }

    /// <summary>The one bin that may speak for a path.</summary>
    public DelegatedRole RoleFor(string path) => Role(BinOf(path));

    /// <summary>The number of the bin of a path: the first bits of its digest.</summary>
    public long BinOf(string path) =>
        BinaryPrimitives.ReadUInt32BigEndian(Sha256Digest.Of(Encoding.UTF8.GetBytes(path)).Bytes) >> (DigestBits - BitLength);

    /// <summary>A bin as a role like all others.</summary>
    public DelegatedRole Role(long bin)
    {
        var nameDigits = Digits(BitLength);
        var name = string.Create(CultureInfo.InvariantCulture, $"{NamePrefix}-{bin.ToString($"x{nameDigits}", CultureInfo.InvariantCulture)}");
        return new DelegatedRole(name, Keys, Paths: null, Prefixes(bin), IsTerminating: false);
    }

    internal void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("succinct_roles");
        Keys.WriteFields(writer);
        writer.WriteNumber("bit_length", BitLength);
        writer.WriteString("name_prefix", NamePrefix);
        writer.WriteEndObject();
    }

    /// <summary>A number of bits that is no multiple of a digit's takes several prefixes.</summary>
    ImmutableArray<string> Prefixes(long bin)
    {
        var digits = Digits(BitLength);
        var spare = (digits * DigitBits) - BitLength;
        return
        [
            .. Enumerable.Range(0, 1 << spare).Select(low =>
                ((bin << spare) + low).ToString($"x{digits}", CultureInfo.InvariantCulture)),
        ];
    }

    /// <summary>Hexadecimal digits of the greatest number of so many bits.</summary>
    static int Digits(int bits) => (bits + DigitBits - 1) / DigitBits;
}
