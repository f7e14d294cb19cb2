namespace Pm.Packages.Versions;

/// <summary>The grammar of Semantic Versioning 2.0.0.</summary>
static class SemanticSyntax
{
    public static bool IsValid(ReadOnlySpan<char> text)
    {
        var plus = text.IndexOf('+');
        var main = plus < 0 ? text : text[..plus];
        var dash = main.IndexOf('-');
        return (plus < 0 || AreIdentifiers(text[(plus + 1)..], leadingZeros: true))
            && (dash < 0 || AreIdentifiers(main[(dash + 1)..], leadingZeros: false))
            && IsCore(dash < 0 ? main : main[..dash]);
    }

    static bool IsCore(ReadOnlySpan<char> core)
    {
        var parts = 0;
        foreach (var part in core.Split('.'))
        {
            parts++;
            if (core[part].ContainsAnyExceptInRange('0', '9') || !IsIdentifier(core[part], leadingZeros: false))
            {
                return false;
            }
        }

        return parts == 3;
    }

    static bool AreIdentifiers(ReadOnlySpan<char> dotted, bool leadingZeros)
    {
        foreach (var part in dotted.Split('.'))
        {
            if (!IsIdentifier(dotted[part], leadingZeros))
            {
                return false;
            }
        }

        return true;
    }

    static bool IsIdentifier(ReadOnlySpan<char> part, bool leadingZeros)
    {
        foreach (var c in part)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '-')
            {
                return false;
            }
        }

        return part.Length > 0
            && (leadingZeros || part.Length == 1 || part[0] != '0' || part.ContainsAnyExceptInRange('0', '9'));
    }
}
