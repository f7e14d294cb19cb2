using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using Pm.Codecs;

namespace Pm.Trust.OpenPgp;

/// <summary>
/// What an armoured public key says of itself: for showing it to people without running gpg. Nothing in it is checked but
/// that the fingerprint is its own; whether a signature is good is gpgv's to say.
/// </summary>
/// <param name="Fingerprint">Computed from the primary key.</param>
/// <param name="UserIds">As its owner wrote them, in their order.</param>
/// <remarks>Source: RFC 4880, 4.2, 5.5.2, 5.11, 6.2, 12.2.</remarks>
public sealed record PublicKeyBlock(Fingerprint Fingerprint, ImmutableArray<string> UserIds)
{
    /// <summary>In bytes. A key with thousands of other people's signatures has more, and then says nothing here.</summary>
    public const int MaximumSize = 1024 * 1024;

    const int MaximumUserIds = 16;
    const int MaximumUserIdLength = 1024;
    const int PublicKeyTag = 6;
    const int UserIdTag = 13;
    const byte Version4 = 4;
    const string Begin = "-----BEGIN PGP PUBLIC KEY BLOCK-----";

    /// <summary>Null: not a public key of version 4 in armour.</summary>
    public static PublicKeyBlock? TryParse(ReadOnlySpan<byte> armored)
    {
        if (armored.Length > MaximumSize || Unarmor(armored) is not { } binary)
        {
            return null;
        }

        ReadOnlySpan<byte> rest = binary;
        if (!TryTake(ref rest, out var tag, out var key) || tag != PublicKeyTag || key.Length is 0 or > ushort.MaxValue || key[0] != Version4)
        {
            return null;
        }

        var userIds = ImmutableArray.CreateBuilder<string>();
        while (userIds.Count < MaximumUserIds && TryTake(ref rest, out tag, out var body))
        {
            if (tag == UserIdTag && body.Length <= MaximumUserIdLength)
            {
                userIds.Add(Encoding.UTF8.GetString(body));
            }
        }

        return new PublicKeyBlock(FingerprintOf(key), userIds.ToImmutable());
    }

    public bool Equals(PublicKeyBlock? other) => other is not null && Fingerprint == other.Fingerprint && UserIds.SequenceEqual(other.UserIds);

    public override int GetHashCode() => Fingerprint.GetHashCode();

    /// <summary>The bytes between the blank line and the checksum, which gpg checks when the key is imported.</summary>
    static byte[]? Unarmor(ReadOnlySpan<byte> armored)
    {
        var base64 = new StringBuilder(armored.Length);
        var (isInside, isBody) = (false, false);
        foreach (var range in armored.Split((byte)'\n'))
        {
            var line = Encoding.Latin1.GetString(armored[range]).TrimEnd();
            if (!isInside || !isBody)
            {
                isBody = isInside && line.Length == 0;
                isInside |= line == Begin;
            }
            else if (line.StartsWith('=') || line.StartsWith('-'))
            {
                break;
            }
            else
            {
                base64.Append(line);
            }
        }

        var bytes = new byte[base64.Length];
        return base64.Length > 0 && Convert.TryFromBase64String(base64.ToString(), bytes, out var length) ? bytes[..length] : null;
    }

    /// <summary>Takes one packet off the front; false at the end, and at what no key has.</summary>
    static bool TryTake(ref ReadOnlySpan<byte> packets, out int tag, out ReadOnlySpan<byte> body)
    {
        tag = 0;
        body = default;
        if (packets.Length < 2 || (packets[0] & 0x80) == 0)
        {
            return false;
        }

        var isNew = (packets[0] & 0x40) != 0;
        tag = isNew ? packets[0] & 0x3f : (packets[0] >> 2) & 0xf;
        var (header, length) = isNew ? NewLength(packets) : OldLength(packets);
        if (header > packets.Length || length > packets.Length - header)
        {
            return false;
        }

        body = packets.Slice(header, (int)length);
        packets = packets[(header + (int)length)..];
        return true;
    }

    /// <summary>RFC 4880, 4.2.2; a partial length is none of a key.</summary>
    static (int Header, long Length) NewLength(ReadOnlySpan<byte> packet) => packet[1] switch
    {
        < 192 => (2, packet[1]),
        < 224 => (3, packet.Length < 3 ? long.MaxValue : ((packet[1] - 192) << 8) + packet[2] + 192),
        255 => (6, packet.Length < 6 ? long.MaxValue : BinaryPrimitives.ReadUInt32BigEndian(packet[2..])),
        _ => (0, long.MaxValue),
    };

    /// <summary>RFC 4880, 4.2.1; an indeterminate length is none of a key.</summary>
    static (int Header, long Length) OldLength(ReadOnlySpan<byte> packet) => (packet[0] & 3) switch
    {
        0 => (2, packet[1]),
        1 => (3, packet.Length < 3 ? long.MaxValue : BinaryPrimitives.ReadUInt16BigEndian(packet[1..])),
        2 => (5, packet.Length < 5 ? long.MaxValue : BinaryPrimitives.ReadUInt32BigEndian(packet[1..])),
        _ => (0, long.MaxValue),
    };

    static Fingerprint FingerprintOf(ReadOnlySpan<byte> key)
    {
        var hashed = new byte[3 + key.Length];
        hashed[0] = 0x99;
        BinaryPrimitives.WriteUInt16BigEndian(hashed.AsSpan(1), (ushort)key.Length);
        key.CopyTo(hashed.AsSpan(3));

        // A version 4 fingerprint is a SHA-1 digest (RFC 4880, 12.2).
        var context = DigestContext.OfThread(DigestAlgorithm.Sha1);
        Span<byte> fingerprint = stackalloc byte[20];
        context.Restart();
        context.Append(hashed);
        context.Finish(fingerprint);
        return Fingerprint.Parse(Convert.ToHexString(fingerprint));
    }
}
