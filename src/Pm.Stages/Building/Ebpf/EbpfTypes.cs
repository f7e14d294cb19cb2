namespace Pm.Stages.Building.Ebpf;

/// <summary>
/// Finds the structs and unions that a source defines, by tag or, where they have none, by the name that a typedef gives them. It goes over the text once and has no preprocessor: what is
/// left out by a condition is found, too.
/// </summary>
sealed class EbpfTypes
{
    readonly string _text;
    readonly List<EbpfType> _found = [];
    readonly HashSet<EbpfType> _seen = [];
    int _at;

    EbpfTypes(string text) => _text = text;

    /// <summary>In the order of the source, each once.</summary>
    public static IReadOnlyList<EbpfType> Of(string source)
    {
        var types = new EbpfTypes(source);
        types.Run();
        return types._found;
    }

    void Run()
    {
        // What stands outside of all brackets since the last semicolon.
        var (depth, isTypedef, isBare, hasStar, last) = (0, false, false, false, "");
        var (keyword, tag) = ("", "");
        while (Next() is { Length: > 0 } token)
        {
            switch (token)
            {
                case "{" when keyword.Length > 0 && tag.Length > 0:
                    Add(new EbpfType(keyword, tag));
                    break;
                case "{" when keyword.Length > 0 && depth == 0 && isTypedef:
                    isBare = true;
                    break;
                case "struct" or "union":
                    (keyword, tag) = (token, "");
                    continue;
                case "__attribute__" or "__packed" or "__aligned":
                    Attribute();
                    continue;
                case "typedef" when depth == 0:
                    isTypedef = true;
                    break;
                case "*" when depth == 0:
                    hasStar = true;
                    break;
                case "," or ";" or "[" when depth == 0 && isBare:
                    if (!hasStar && last.Length > 0)
                    {
                        Add(new EbpfType("", last));
                    }

                    isBare = false;
                    break;
            }

            if (IsWord(token[0]))
            {
                last = depth == 0 ? token : last;
                (keyword, tag) = keyword.Length > 0 && tag.Length == 0 ? (keyword, token) : ("", "");
                continue;
            }

            (keyword, tag) = ("", "");
            depth = Math.Max(0, depth + (token is "{" or "(" or "[" ? 1 : token is "}" or ")" or "]" ? -1 : 0));
            if (depth == 0 && (token == ";" || (token == "}" && !isTypedef)))
            {
                (isTypedef, isBare, hasStar, last) = (false, false, false, "");
            }
            else if (depth == 0 && token == "}")
            {
                last = "";
            }
        }
    }

    /// <summary>One of a kernel's versions (<c>NAME___old</c>) is no type of the source's own.</summary>
    void Add(EbpfType type)
    {
        if (!type.Name.Contains("___", StringComparison.Ordinal) && _seen.Add(type))
        {
            _found.Add(type);
        }
    }

    /// <summary>What follows in brackets.</summary>
    void Attribute()
    {
        var (before, depth) = (_at, 0);
        while (Next() is { Length: > 0 } token)
        {
            depth += token == "(" ? 1 : token == ")" ? -1 : 0;
            if (depth == 0)
            {
                // It has none: what was read is something else.
                _at = token == ")" ? _at : before;
                return;
            }
        }
    }

    /// <summary>A word or a sign; empty at the end. Comments, texts and directives are none.</summary>
    string Next()
    {
        while (_at < _text.Length)
        {
            var c = _text[_at];
            if (char.IsWhiteSpace(c))
            {
                _at++;
            }
            else if (c == '/' && At(1) == '*')
            {
                var end = _text.IndexOf("*/", _at + 2, StringComparison.Ordinal);
                _at = end < 0 ? _text.Length : end + 2;
            }
            else if (c == '#' || (c == '/' && At(1) == '/'))
            {
                Line();
            }
            else if (c is '"' or '\'')
            {
                Quoted(c);
            }
            else if (IsWord(c))
            {
                var start = _at;
                while (_at < _text.Length && IsWord(_text[_at]))
                {
                    _at++;
                }

                return _text[start.._at];
            }
            else
            {
                _at++;
                return c.ToString();
            }
        }

        return "";
    }

    static bool IsWord(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';

    char At(int ahead) => _at + ahead < _text.Length ? _text[_at + ahead] : '\0';

    /// <summary>To the end of the line, and of those that it goes on in.</summary>
    void Line()
    {
        for (; _at < _text.Length && _text[_at] != '\n'; _at++)
        {
            _at += _text[_at] == '\\' ? At(1) == '\r' ? 2 : 1 : 0;
        }
    }

    void Quoted(char quote)
    {
        for (_at++; _at < _text.Length && _text[_at] != quote && _text[_at] != '\n'; _at++)
        {
            _at += _text[_at] == '\\' ? 1 : 0;
        }

        _at = Math.Min(_at + 1, _text.Length);
    }
}
