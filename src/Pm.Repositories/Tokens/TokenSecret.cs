using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Pm.Codecs;

namespace Pm.Repositories.Tokens;

/// <summary>
/// The secret text of a token: <c>pm_</c>, 43 random letters and digits (256 bits), and 6 that check them, so that a
/// scanner of secrets knows one when it sees one and a typing error is no guess. Only its hash is ever kept.
/// </summary>
public sealed class TokenSecret
{
    /// <summary>How every token begins.</summary>
    public const string Prefix = "pm_";

    const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    const int RandomLength = 43;
    const int CheckLength = 6;
    const int Length = 3 + RandomLength + CheckLength;
    const int IdLength = 10;

    static readonly SearchValues<char> DigitSet = SearchValues.Create(Digits);

    TokenSecret(string text)
    {
        Text = text;
        Hash = Sha256Digest.Of(Encoding.ASCII.GetBytes(text));
        Id = Sha256Digest.Of(Encoding.ASCII.GetBytes("pm token id\n" + text)).ToString()[..IdLength];
    }

    /// <summary>For the one who gets it, and never for a message or a log.</summary>
    public string Text { get; }

    /// <summary>What people and logs call it; it tells nothing about the secret.</summary>
    public string Id { get; }

    /// <summary>What is kept. No salt and no slow hash: nobody tries out 256 random bits.</summary>
    public Sha256Digest Hash { get; }

    /// <summary>A new secret from the system's random source.</summary>
    public static TokenSecret Create()
    {
        RuntimeCryptography.Require();
        var random = RandomNumberGenerator.GetString(Digits, RandomLength);
        return new TokenSecret(Prefix + random + CheckOf(random));
    }

    /// <summary>False for anything that no token is.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out TokenSecret? secret)
    {
        secret = HasForm(text) && CheckOf(text.Substring(Prefix.Length, RandomLength)) == text[^CheckLength..]
                ? new TokenSecret(text)
                : null;
        return secret is not null;
    }

    /// <summary>Whether it could be one but for the digits that check it: mistyped, it may still be nearly a secret.</summary>
    public static bool HasForm([NotNullWhen(true)] string? text) => text is { Length: Length }
        && text.StartsWith(Prefix, StringComparison.Ordinal)
        && !text.AsSpan(Prefix.Length).ContainsAnyExcept(DigitSet);

    /// <summary>The id in place of the secret.</summary>
    public override string ToString() => $"token {Id}";

    /// <summary>The first 32 bits of the SHA-256, in base 62, the highest digit first.</summary>
    static string CheckOf(string random)
    {
        var number = BinaryPrimitives.ReadUInt32BigEndian(Sha256Digest.Of(Encoding.ASCII.GetBytes(random)).Bytes);
        return string.Create(CheckLength, number, (text, left) =>
        {
            for (var i = text.Length - 1; i >= 0; i--, left /= 62)
            {
                text[i] = Digits[(int)(left % 62)];
            }
        });
    }
}
