using System.Collections.Immutable;

namespace Pm.Packages.Versions;

/// <summary>How versions that are not SemVer are taken apart: Debian's, FreeBSD's, Python's, dates, tags.</summary>
static class ImportedSyntax
{
    /// <summary>Takes an epoch: <c>1:2.0</c> (Debian), <c>1!2.0</c> (Python), <c>2.0,1</c> (FreeBSD); "" when there is none.</summary>
    public static string TakeEpoch(ref ReadOnlySpan<char> text)
    {
        var digits = text.IndexOfAnyExceptInRange('0', '9');
        if (digits > 0 && text[digits] is ':' or '!')
        {
            var epoch = VersionItem.Trim(text[..digits]);
            text = text[(digits + 1)..];
            return epoch;
        }

        var comma = text.LastIndexOf(',');
        if (comma >= 0 && comma + 1 < text.Length && !text[(comma + 1)..].ContainsAnyExceptInRange('0', '9'))
        {
            var epoch = VersionItem.Trim(text[(comma + 1)..]);
            text = text[..comma];
            return epoch;
        }

        return "";
    }

    /// <summary>The runs of digits and of letters in <paramref name="rest"/>; what separates them says nothing, but <c>~</c>.</summary>
    public static ImmutableArray<VersionItem> Items(ReadOnlySpan<char> rest)
    {
        var items = ImmutableArray.CreateBuilder<VersionItem>();
        while (!rest.IsEmpty)
        {
            var length = 1;
            if (char.IsAsciiDigit(rest[0]))
            {
                length = Run(rest, char.IsAsciiDigit);
                items.Add(VersionItem.Number(rest[..length]));
            }
            else if (char.IsAsciiLetter(rest[0]))
            {
                length = Run(rest, char.IsAsciiLetter);
                AddWord(items, rest[..length].ToString().ToLowerInvariant(), rest[length..]);
            }
            else if (rest[0] == '~')
            {
                items.Add(new VersionItem(VersionRank.Tilde, ""));
            }

            rest = rest[length..];
        }

        return items.DrainToImmutable();
    }

    static void AddWord(ImmutableArray<VersionItem>.Builder items, string word, ReadOnlySpan<char> after)
    {
        if (IsPreRelease(word, after))
        {
            items.Add(new VersionItem(VersionRank.PreRelease, ""));
        }

        items.Add(VersionItem.Word(word));
    }

    /// <summary>A single letter is a pre-release before a number (Python's <c>1.0a2</c>), else a later letter (<c>1.0.2k</c>).</summary>
    static bool IsPreRelease(string word, ReadOnlySpan<char> after) => word switch
    {
        "a" or "b" or "c" => !after.IsEmpty && char.IsAsciiDigit(after[0]),
        "alpha" or "beta" or "rc" or "pre" or "preview" or "dev" or "snapshot" or "nightly" or "canary" or "next" => true,
        _ => false,
    };

    static int Run(ReadOnlySpan<char> text, Func<char, bool> belongs)
    {
        var length = 1;
        while (length < text.Length && belongs(text[length]))
        {
            length++;
        }

        return length;
    }
}
