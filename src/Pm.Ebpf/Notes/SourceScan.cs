using System.Collections.Immutable;

namespace Pm.Ebpf.Notes;

/// <summary>
/// Finds declarations with comments above them in a source that has not been preprocessed: so far as names of variables go, C need not be understood for it. What looks like nothing that it knows is passed over.
/// </summary>
sealed class SourceScan(string text)
{
    static readonly HashSet<string> Annotations = new(StringComparer.Ordinal) { "__weak", "__hidden", "__kconfig", "__ksym", "__noinline", "__always_inline", "__unused", "const", "volatile", "static" };

    readonly List<string> _comment = [];
    int _at;
    int _line = 1;
    int _commentLine;
    int _commentEnd;
    bool _hasDeclaration;

    public IEnumerable<Documented> Documented()
    {
        while (_at < text.Length)
        {
            var c = text[_at];
            if (char.IsWhiteSpace(c))
            {
                Step();
            }
            else if (At("//") || At("/*"))
            {
                if (Comment() is { } head)
                {
                    yield return head;
                }
            }
            else
            {
                // What is above a directive, or has an empty line below it, belongs to the file.
                var isApart = c == '#' || _line > _commentEnd + 1;
                if (isApart && Head() is { } head)
                {
                    yield return head;
                }

                if (c == '#')
                {
                    Directive();
                }
                else if (Declaration() is { } documented)
                {
                    yield return documented;
                }
            }
        }

        if (Head() is { } last)
        {
            yield return last;
        }
    }

    /// <summary>What was collected, if it is of the file; nothing is collected any more.</summary>
    Documented? Head()
    {
        var lines = _comment.Where(l => !l.Contains("SPDX-", StringComparison.Ordinal) && !l.TrimStart().StartsWith("Copyright", StringComparison.OrdinalIgnoreCase)).ToImmutableArray();
        _comment.Clear();
        return _hasDeclaration || lines.IsEmpty ? null : new Documented(lines, _commentLine, "", "");
    }

    Documented? Comment()
    {
        var isDocumentation = At("///") && !At("////") && !At("///<") || At("/**") && !At("/**/") && !At("/***");
        var head = isDocumentation && _comment.Count > 0 && _line > _commentEnd + 1 ? Head() : null;
        var start = _at + 3;
        var first = _line;
        if (At("//"))
        {
            while (_at < text.Length && text[_at] != '\n')
            {
                _at++;
            }

            if (isDocumentation)
            {
                Collect(text[start.._at], first);
            }

            _commentEnd = _line;
            return head;
        }

        var end = text.IndexOf("*/", _at + 2, StringComparison.Ordinal);
        Skip(end < 0 ? text.Length : end + 2);
        if (isDocumentation && end >= start)
        {
            foreach (var line in text[start..end].Split('\n'))
            {
                var bare = line.Trim();
                Collect(bare.StartsWith('*') ? bare[1..] : bare, first);
            }
        }

        _commentEnd = _line;
        return head;
    }

    void Collect(string line, int first)
    {
        _commentLine = _comment.Count == 0 ? first : _commentLine;
        _comment.Add(line);
    }

    /// <summary>To the end of the line, and of those that it goes on in.</summary>
    void Directive()
    {
        while (_at < text.Length && text[_at] != '\n')
        {
            if (text[_at] == '\\' && _at + 1 < text.Length)
            {
                Step();
            }

            Step();
        }
    }

    /// <summary>To the semicolon that ends it, or to the end of the function.</summary>
    Documented? Declaration()
    {
        var (name, section, isNamed, isFunction, isOver) = ("", "", false, false, false);
        _hasDeclaration = true;
        while (_at < text.Length && !isOver)
        {
            switch (text[_at])
            {
                case ';':
                    Step();
                    isOver = true;
                    break;
                case '/' when At("//") || At("/*"):
                    Blank();
                    break;
                case '"' or '\'':
                    Quoted();
                    break;
                case '(':
                    isFunction |= !isNamed;
                    Group('(', ')');
                    break;
                case '{':
                    Group('{', '}');
                    isOver = isFunction && !isNamed;
                    break;
                case '=' or '[' or ',':
                    isNamed |= name.Length > 0;
                    Step();
                    break;
                case var c when char.IsAsciiLetter(c) || c == '_':
                    var word = Word();
                    if (word == "SEC")
                    {
                        section = SectionName() ?? section;
                    }
                    else if (word == "__attribute__")
                    {
                        SkipGroup();
                    }
                    else if (!isNamed && !Annotations.Contains(word))
                    {
                        name = word;
                    }

                    break;
                default:
                    Step();
                    break;
            }
        }

        Documented? found = _comment.Count == 0 || name.Length == 0 || isFunction ? null : new Documented([.. _comment], _commentLine, name, section);
        _comment.Clear();
        return found;
    }

    string Word()
    {
        var start = _at;
        while (_at < text.Length && (char.IsAsciiLetterOrDigit(text[_at]) || text[_at] == '_'))
        {
            _at++;
        }

        return text[start.._at];
    }

    /// <summary>The text in parentheses; null where there is none.</summary>
    string? SectionName()
    {
        var start = _at;
        SkipGroup();
        var inside = text[start.._at].Trim();
        return inside.StartsWith("(\"", StringComparison.Ordinal) && inside.EndsWith("\")", StringComparison.Ordinal) && inside.Length > 4 ? inside[2..^2] : null;
    }

    void SkipGroup()
    {
        while (_at < text.Length && char.IsWhiteSpace(text[_at]))
        {
            Step();
        }

        if (_at < text.Length && text[_at] == '(')
        {
            Group('(', ')');
        }
    }

    /// <summary>To behind the sign that closes what opens here.</summary>
    void Group(char open, char close)
    {
        var depth = 0;
        while (_at < text.Length)
        {
            var c = text[_at];
            if (c == '/' && (At("//") || At("/*")))
            {
                Blank();
                continue;
            }

            if (c is '"' or '\'')
            {
                Quoted();
                continue;
            }

            depth += c == open ? 1 : c == close ? -1 : 0;
            Step();
            if (depth == 0)
            {
                return;
            }
        }
    }

    /// <summary>A comment inside of something.</summary>
    void Blank()
    {
        var isLine = text[_at + 1] == '/';
        var end = text.IndexOf(isLine ? "\n" : "*/", _at + 2, StringComparison.Ordinal);
        Skip(end < 0 ? text.Length : isLine ? end : end + 2);
    }

    void Quoted()
    {
        var quote = text[_at];
        Step();
        while (_at < text.Length && text[_at] != quote && text[_at] != '\n')
        {
            if (text[_at] == '\\' && _at + 1 < text.Length)
            {
                Step();
            }

            Step();
        }

        Step();
    }

    bool At(string words) => text.AsSpan(_at).StartsWith(words, StringComparison.Ordinal);

    void Skip(int to)
    {
        while (_at < to)
        {
            Step();
        }
    }

    void Step()
    {
        if (_at < text.Length)
        {
            _line += text[_at++] == '\n' ? 1 : 0;
        }
    }
}
