using System.Text;

namespace Pm.Trust.OpenPgp;

/// <summary>One line "[GNUPG:] KEYWORD argument …".</summary>
sealed class GpgStatusLine
{
    const string Prefix = "[GNUPG:] ";

    readonly string[] _arguments;

    GpgStatusLine(string keyword, string[] arguments)
    {
        Keyword = keyword;
        _arguments = arguments;
    }

    public string Keyword { get; }

    /// <summary>Whether the line is the outcome of one signature.</summary>
    public bool IsResult => Keyword is "GOODSIG" or "EXPSIG" or "EXPKEYSIG" or "REVKEYSIG" or "BADSIG" or "ERRSIG";

    /// <summary>An argument; empty where the line has fewer.</summary>
    public string this[int index] => index < _arguments.Length ? _arguments[index] : "";

    /// <returns>Null for a line that is not a status line.</returns>
    public static GpgStatusLine? Parse(string line)
    {
        if (!line.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        var parts = line[Prefix.Length..].TrimEnd('\r').Split(' ');
        return new GpgStatusLine(parts[0], parts[1..]);
    }

    /// <summary>The user id from argument <paramref name="first"/> on: %XX escapes undone, fit to be shown.</summary>
    public string Rest(int first)
    {
        var text = string.Join(' ', _arguments.Skip(first));
        var bytes = Encoding.UTF8.GetBytes(text);
        var target = new byte[bytes.Length];
        var length = 0;
        for (var at = 0; at < bytes.Length; at++)
        {
            var isEscape = bytes[at] == '%' && at + 2 < bytes.Length
                && char.IsAsciiHexDigit((char)bytes[at + 1]) && char.IsAsciiHexDigit((char)bytes[at + 2]);
            target[length++] = isEscape ? Convert.FromHexString([(char)bytes[at + 1], (char)bytes[at + 2]])[0] : bytes[at];
            at += isEscape ? 2 : 0;
        }

        return ShownText.Of(Encoding.UTF8.GetString(target, 0, length));
    }
}
