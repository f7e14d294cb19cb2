namespace Pm.Packages.Versions;

/// <summary>Reads the text of a requirement. Source: docs/formats/versions.md, "Requirements".</summary>
ref struct RequirementReader(ReadOnlySpan<char> text)
{
    readonly ReadOnlySpan<char> _text = text;
    int _at;
    int _comparators;

    /// <summary>What is wrong; only where <see cref="Read"/> gave null.</summary>
    public RequirementFault Fault { get; private set; }

    /// <summary>The alternatives, each a list of comparators that hold together; null: see <see cref="Fault"/>.</summary>
    public List<List<VersionComparator>>? Read()
    {
        var alternatives = new List<List<VersionComparator>>();
        do
        {
            if (ReadAlternative() is not { } alternative)
            {
                return null;
            }

            alternatives.Add(alternative);
        }
        while (Take("||"));

        return _at == _text.Length ? alternatives : Fail("expected `,`, `||` or the end");
    }

    List<VersionComparator>? ReadAlternative()
    {
        var all = new List<VersionComparator>();
        do
        {
            if (!ReadComparator(all))
            {
                return null;
            }
        }
        while (Take(",") || IsAtComparator());

        return all;
    }

    /// <summary>One comparator, or the two that a hyphen range stands for.</summary>
    bool ReadComparator(List<VersionComparator> all)
    {
        SkipBlanks();
        var written = TakeOperator();
        SkipBlanks();
        var isRange = written is null && IsHyphenAfter(VersionLength());
        if (!Add(all, isRange ? VersionOperator.GreaterOrEqual : written))
        {
            return false;
        }

        if (!isRange)
        {
            return true;
        }

        SkipBlanks();
        _at++;
        SkipBlanks();
        return Add(all, VersionOperator.LessOrEqual);
    }

    bool Add(List<VersionComparator> all, VersionOperator? written)
    {
        var version = _text.Slice(_at, VersionLength());
        if (version.IsEmpty || VersionComparator.Create(written, version.ToString()) is not { } comparator)
        {
            Fail("expected a version such as `1.2`");
            return false;
        }

        if (++_comparators > VersionRequirement.MaximumComparators)
        {
            Fail($"expected at most {VersionRequirement.MaximumComparators} comparators");
            return false;
        }

        all.Add(comparator);
        _at += version.Length;
        return true;
    }

    VersionOperator? TakeOperator() =>
        Take(">=") ? VersionOperator.GreaterOrEqual
        : Take("<=") ? VersionOperator.LessOrEqual
        : Take(">") ? VersionOperator.Greater
        : Take("<") ? VersionOperator.Less
        : Take("^") ? VersionOperator.Caret
        : Take("~") ? VersionOperator.Tilde
        : Take("=") ? VersionOperator.Equal
        : null;

    /// <summary>How far what could be a version goes. A comma separates, though some versions from elsewhere have one.</summary>
    readonly int VersionLength()
    {
        var end = _text[_at..].IndexOfAny(" \t,|");
        return end < 0 ? _text.Length - _at : end;
    }

    readonly bool IsHyphenAfter(int length)
    {
        var after = _text[(_at + length)..];
        var rest = after.TrimStart(" \t");
        return length > 0 && rest.Length < after.Length && rest is ['-', ' ' or '\t', ..];
    }

    /// <summary>Blanks alone join comparators too, as they do elsewhere: <c>&gt;=1 &lt;2</c>.</summary>
    bool IsAtComparator()
    {
        SkipBlanks();
        return _at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] is '<' or '>' or '=' or '^' or '~' or '*');
    }

    bool Take(string symbol)
    {
        SkipBlanks();
        var isThere = _text[_at..].StartsWith(symbol);
        _at += isThere ? symbol.Length : 0;
        return isThere;
    }

    void SkipBlanks()
    {
        while (_at < _text.Length && _text[_at] is ' ' or '\t')
        {
            _at++;
        }
    }

    List<List<VersionComparator>>? Fail(string expected)
    {
        var found = _at == _text.Length ? "the end" : Shown.Quote(_text.Slice(_at, Math.Max(1, VersionLength())));
        Fault = new RequirementFault(_at, $"{expected}, got {found}");
        return null;
    }
}
