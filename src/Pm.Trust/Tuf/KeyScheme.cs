using System.Security.Cryptography;
using Pm.Codecs;

namespace Pm.Trust.Tuf;

/// <summary>One way to sign, with the form its public keys have in metadata. Source: TUF 4.2.2.</summary>
sealed class KeyScheme
{
    /// <summary>Of a key in PEM: no scheme here has a longer one.</summary>
    const int LongestText = 16 * 1024;

    const string PemLabel = "PUBLIC KEY";

    readonly Func<string, byte[]?> _read;
    readonly Func<ReadOnlySpan<byte>, ReadOnlySpan<byte>, ReadOnlySpan<byte>, bool> _verify;

    KeyScheme(string type, string name, Func<string, byte[]?> read, Func<ReadOnlySpan<byte>, ReadOnlySpan<byte>, ReadOnlySpan<byte>, bool> verify)
    {
        Type = type;
        Name = name;
        _read = read;
        _verify = verify;
    }

    public static KeyScheme Ed25519 { get; } = new("ed25519", "ed25519", text => OfHex(text, Codecs.Ed25519.PublicKeySize), Codecs.Ed25519.Verify);

    /// <summary>Those that are known. Before specification 1.0.33 the type of ECDSA keys was the name of their scheme.</summary>
    static readonly KeyScheme[] All =
    [
        Ed25519,
        new("ecdsa", "ecdsa-sha2-nistp256", ReadEcdsa, EcdsaP256.Verify),
        new("ecdsa-sha2-nistp256", "ecdsa-sha2-nistp256", ReadEcdsa, EcdsaP256.Verify),
        new("rsa", "rsassa-pss-sha256", text => OfPem(text) is { } der ? RsaPss.ReadKey(der) : null, RsaPss.Verify),
    ];

    /// <summary>As <c>keytype</c> has it.</summary>
    public string Type { get; }

    /// <summary>As <c>scheme</c> has it.</summary>
    public string Name { get; }

    /// <summary>Null: not known here.</summary>
    public static KeyScheme? Find(string type, string name) => Array.Find(All, scheme => scheme.Type == type && scheme.Name == name);

    /// <summary>The public key in the one form in which equal keys are equal; null where the text is none.</summary>
    public byte[]? Read(string text) => text.Length <= LongestText ? _read(text) : null;

    /// <param name="publicKey">As <see cref="Read"/> gave it.</param>
    /// <param name="message">What was signed.</param>
    /// <param name="signature">What came with it.</param>
    public bool Verifies(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) => _verify(publicKey, message, signature);

    /// <summary>PEM; roots written before 2022 have the uncompressed point in hexadecimal.</summary>
    static byte[]? ReadEcdsa(string text) => OfHex(text, EcdsaP256.PointSize) is { } point ? EcdsaP256.ReadPoint(point)
        : OfPem(text) is { } der ? EcdsaP256.ReadKey(der)
        : null;

    static byte[]? OfHex(string text, int size) =>
        text.Length == 2 * size && text.All(char.IsAsciiHexDigit) ? Convert.FromHexString(text) : null;

    static byte[]? OfPem(string text) => PemEncoding.TryFind(text, out var fields) && text[fields.Label] == PemLabel
        ? Convert.FromBase64String(text[fields.Base64Data])
        : null;
}
