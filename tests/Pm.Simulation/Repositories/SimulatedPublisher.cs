using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Pm.Codecs;

namespace Pm.Simulation.Repositories;

/// <summary>Who signs packages in a test: an OpenPGP key that is always the same, so that no test waits for one to be made.</summary>
/// <remarks>Ed25519 in version 4 packets, as GnuPG writes them (RFC 4880, and its draft of 2015 for the curve).</remarks>
public sealed class SimulatedPublisher
{
    const byte ByEd25519 = 22;
    const byte Sha256 = 8;

    static readonly byte[] Curve = [9, 0x2b, 0x06, 0x01, 0x04, 0x01, 0xda, 0x47, 0x0f, 0x01];
    static readonly DateTimeOffset Made = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    readonly byte[] _seed;
    readonly byte[] _body;
    readonly byte[] _fingerprint;

    /// <param name="name">E.g. <c>Ann &lt;ann@example.org&gt;</c>; another name is another key.</param>
    public SimulatedPublisher(string name)
    {
        _seed = SHA256.HashData(Encoding.UTF8.GetBytes(name));
        var point = new byte[1 + Ed25519.PublicKeySize];
        point[0] = 0x40;
        Ed25519.PublicKey(_seed, point.AsSpan(1));
        _body = [4, .. Time(Made), ByEd25519, .. Curve, .. Integer(point)];
#pragma warning disable CA5350 // What names a key of version 4.
        _fingerprint = SHA1.HashData(Framed(_body));
#pragma warning restore CA5350
        var user = Encoding.UTF8.GetBytes(name);
        var certification = Signature(0x13, [.. Framed(_body), 0xb4, .. Big(user.Length), .. user], [0x02, 27, 0x03]);
        PublicKey = Armour("PGP PUBLIC KEY BLOCK", [.. Packet(6, _body), .. Packet(13, user), .. certification]);
    }

    /// <summary>In upper case.</summary>
    public string Fingerprint => Convert.ToHexString(_fingerprint);

    /// <summary>Armoured.</summary>
    public string PublicKey { get; }

    /// <summary>A detached signature, armoured.</summary>
    public byte[] Sign(ReadOnlyMemory<byte> content) =>
        Encoding.ASCII.GetBytes(Armour("PGP SIGNATURE", Signature(0x00, content.ToArray(), [])));

    /// <summary>A message with its text in it, as mails are signed.</summary>
    public byte[] ClearSign(string text)
    {
        var signed = Encoding.UTF8.GetBytes(text.TrimEnd('\n').Replace("\n", "\r\n", StringComparison.Ordinal));
        return Encoding.UTF8.GetBytes(
            $"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n{text.TrimEnd('\n')}\n{Armour("PGP SIGNATURE", Signature(0x01, signed, []))}");
    }

    byte[] Signature(byte type, byte[] content, byte[] more)
    {
        byte[] hashed = [0x05, 2, .. Time(Made), 0x16, 33, 4, .. _fingerprint, .. more];
        byte[] head = [4, type, ByEd25519, Sha256, .. Short(hashed.Length), .. hashed];
        var digest = SHA256.HashData([.. content, .. head, 4, 0xff, .. Big(head.Length)]);
        var signature = new byte[Ed25519.SignatureSize];
        Ed25519.Sign(_seed, digest, signature);
        byte[] issuer = [0x09, 16, .. _fingerprint.AsSpan(12)];
        return Packet(2, [.. head, .. Short(issuer.Length), .. issuer, .. digest.AsSpan(0, 2), .. Integer(signature[..32]), .. Integer(signature[32..])]);
    }

    /// <summary>What a key is hashed as.</summary>
    static byte[] Framed(byte[] body) => [0x99, .. Short(body.Length), .. body];

    static byte[] Packet(int tag, byte[] body) => [(byte)(0xc0 | tag), 0xff, .. Big(body.Length), .. body];

    /// <summary>With its length in bits before it, and no zero at its front.</summary>
    static byte[] Integer(byte[] bytes)
    {
        var digits = bytes.SkipWhile(b => b == 0).ToArray();
        return [.. Short(digits.Length == 0 ? 0 : (digits.Length * 8) - byte.LeadingZeroCount(digits[0])), .. digits];
    }

    static byte[] Time(DateTimeOffset time) => Big((int)time.ToUnixTimeSeconds());

    static byte[] Short(int value) => [(byte)(value >> 8), (byte)value];

    static byte[] Big(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    static string Armour(string what, byte[] bytes) =>
        $"-----BEGIN {what}-----\n\n{Lines(bytes)}\n={Convert.ToBase64String(Big(Checksum(bytes)).AsSpan(1))}\n-----END {what}-----\n";

    static string Lines(byte[] bytes) => string.Join('\n', Convert.ToBase64String(bytes).Chunk(64).Select(line => new string(line)));

    /// <summary>CRC-24 (RFC 4880, 6.1): GnuPG does not read on to the end of an armour that has none.</summary>
    static int Checksum(byte[] bytes)
    {
        var sum = 0xb704ce;
        foreach (var octet in bytes)
        {
            sum ^= octet << 16;
            for (var bit = 0; bit < 8; bit++)
            {
                sum <<= 1;
                sum ^= (sum & 0x1000000) != 0 ? 0x1864cfb : 0;
            }
        }

        return sum & 0xffffff;
    }
}
