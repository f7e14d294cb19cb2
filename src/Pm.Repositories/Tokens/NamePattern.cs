using System.Buffers;
using Pm.Packages;

namespace Pm.Repositories.Tokens;

/// <summary>
/// Which package names a token covers: <c>*</c> is any run of characters without a slash, <c>?</c> one of them, so that
/// <c>acme-*</c> never reaches into the packages of an owner <c>acme-x</c>. Alone, <c>*</c> covers every name.
/// </summary>
public readonly record struct NamePattern
{
    const string All = "*";

    static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789._+-/*?");

    readonly string? _text;

    NamePattern(string text) => _text = text;

    /// <summary>Every name.</summary>
    public static NamePattern Everything { get; } = new(All);

    public string Text => _text ?? "";

    public bool IsEverything => Text == All;

    /// <summary>False for what could cover no name at all: a capital letter, an empty part, two slashes.</summary>
    public static bool TryParse(string text, out NamePattern pattern)
    {
        var isPattern = text.Length is > 0 and <= PackageName.MaximumLength
            && !text.AsSpan().ContainsAnyExcept(Allowed)
            && text[0] != '/' && text[^1] != '/'
            && text.Count(c => c == '/') <= 1;
        pattern = isPattern ? new NamePattern(text) : default;
        return isPattern;
    }

    public bool Covers(PackageName name) => IsEverything || Matches(Text, name.Text);

    public override string ToString() => Text;

    /// <summary>One way back at most, to the last star: linear in practice, never worse than both lengths multiplied.</summary>
    static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        var (p, n, star, from) = (0, 0, -1, 0);
        while (n < name.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                (star, from) = (p++, n);
            }
            else if (p < pattern.Length && (pattern[p] == name[n] || (pattern[p] == '?' && name[n] != '/')))
            {
                p++;
                n++;
            }
            else if (star >= 0 && name[from] != '/')
            {
                (p, n) = (star + 1, ++from);
            }
            else
            {
                return false;
            }
        }

        return !pattern[p..].ContainsAnyExcept('*');
    }
}
