using System.Diagnostics.CodeAnalysis;

namespace Pm.Packages.Manifests;

/// <summary>An SPDX licence expression such as <c>MIT OR Apache-2.0</c>. Its form is checked, not whether such a licence is listed.</summary>
/// <remarks>Source: SPDX 2.3, annex D.</remarks>
public sealed record LicenceExpression
{
    /// <summary>Longest expression in characters.</summary>
    public const int MaximumLength = 1000;

    const int DeepestNesting = 32;

    LicenceExpression(string text) => Text = text;

    /// <summary>As written.</summary>
    public string Text { get; }

    public static bool TryParse(string text, [NotNullWhen(true)] out LicenceExpression? expression)
    {
        expression = Fault(text) is null ? new LicenceExpression(text) : null;
        return expression is not null;
    }

    /// <summary>What is wrong with an expression; null when nothing is.</summary>
    internal static string? Fault(string text)
    {
        if (text.Length is 0 or > MaximumLength)
        {
            return $"expected 1 to {MaximumLength} characters";
        }

        var words = text.Replace("(", " ( ", StringComparison.Ordinal).Replace(")", " ) ", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var at = 0;
        return Alternatives(words, ref at, 0) ?? (at < words.Length ? Expected("AND, OR, WITH or nothing more", words, at) : null);
    }

    public override string ToString() => Text;

    /// <summary>Licences with AND and OR between them: which of these binds closer does not matter to the form.</summary>
    static string? Alternatives(string[] words, ref int at, int depth)
    {
        while (true)
        {
            if (Single(words, ref at, depth) is { } fault)
            {
                return fault;
            }

            if (at == words.Length || words[at] is not ("AND" or "OR"))
            {
                return null;
            }

            at++;
        }
    }

    static string? Single(string[] words, ref int at, int depth)
    {
        if (at < words.Length && words[at] == "(")
        {
            at++;
            if (depth == DeepestNesting)
            {
                return $"it nests deeper than {DeepestNesting} levels";
            }

            return Alternatives(words, ref at, depth + 1) ?? (at == words.Length || words[at++] != ")" ? "a parenthesis is not closed" : null);
        }

        if (at == words.Length || !IsLicence(words[at]))
        {
            return Expected("a licence such as MIT", words, at);
        }

        at++;
        if (at == words.Length || words[at] != "WITH")
        {
            return null;
        }

        at++;
        return at < words.Length && IsIdentifier(words[at]) && words[at++] is not null ? null : Expected("an exception behind WITH", words, at);
    }

    static bool IsLicence(string word)
    {
        const string Document = "DocumentRef-";
        const string Reference = "LicenseRef-";
        return word.Split(':') switch
        {
            [var document, var reference] => document.StartsWith(Document, StringComparison.Ordinal) && IsIdentifier(document[Document.Length..])
                && reference.StartsWith(Reference, StringComparison.Ordinal) && IsIdentifier(reference[Reference.Length..]),
            [var one] => IsIdentifier(one.EndsWith('+') ? one[..^1] : one),
            _ => false,
        };
    }

    static bool IsIdentifier(string word) =>
        word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.')
        && word.ToUpperInvariant() is not ("AND" or "OR" or "WITH");

    static string Expected(string what, string[] words, int at) => at == words.Length
        ? $"expected {what} at its end"
        : words[at].ToUpperInvariant() is "AND" or "OR" or "WITH" && words[at] is not ("AND" or "OR" or "WITH")
            ? $"expected {what}, got {Shown.Quote(words[at])}: AND, OR and WITH are in capitals"
            : words[at].Contains('/') ? $"expected {what}, got {Shown.Quote(words[at])}: one of several is written {Shown.Quote(words[at].Replace("/", " OR ", StringComparison.Ordinal))}"
            : $"expected {what}, got {Shown.Quote(words[at])}";
}
