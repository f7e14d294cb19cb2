using System.Text;

namespace Pm.Cli.Tests.Gear;

/// <summary>A <c>$</c> line taken apart: variables before the command, its words, where input and output go.</summary>
/// <remarks>Understands quotes, <c>$NAME</c> outside single quotes, <c>&lt; FILE</c> and <c>&gt; FILE</c>; nothing else of the shell.</remarks>
sealed class CommandLine
{
    public Dictionary<string, string> Variables { get; } = new(StringComparer.Ordinal);

    public List<string> Words { get; } = [];

    public string? Input { get; private set; }

    public string? Output { get; private set; }

    public static CommandLine Parse(string line, IReadOnlyDictionary<string, string> environment)
    {
        var result = new CommandLine();
        var words = Split(line, environment);
        for (var i = 0; i < words.Count; i++)
        {
            var word = words[i];
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            if (word == "<")
            {
                result.Input = words[++i];
            }
            else if (word == ">")
            {
                result.Output = words[++i];
            }
            else if (result.Words.Count == 0 && equals > 0)
            {
                result.Variables[word[..equals]] = word[(equals + 1)..];
            }
            else
            {
                result.Words.Add(word);
            }
        }

        return result;
    }

    static List<string> Split(string line, IReadOnlyDictionary<string, string> environment)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var quote = '\0';
        var isOpen = false;
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (quote == '\0' && c == ' ')
            {
                if (isOpen)
                {
                    words.Add(word.ToString());
                }

                word.Clear();
                isOpen = false;
                continue;
            }

            isOpen = true;
            if (c == quote || (quote == '\0' && c is '\'' or '"'))
            {
                quote = quote == '\0' ? c : '\0';
            }
            else
            {
                _ = c == '$' && quote != '\'' ? word.Append(Variable(line, ref i, environment)) : word.Append(c);
            }
        }

        if (isOpen)
        {
            words.Add(word.ToString());
        }

        return words;
    }

    static string Variable(string line, ref int at, IReadOnlyDictionary<string, string> environment)
    {
        var end = at + 1;
        while (end < line.Length && (char.IsAsciiLetterOrDigit(line[end]) || line[end] == '_'))
        {
            end++;
        }

        var name = line[(at + 1)..end];
        at = end - 1;
        return environment.TryGetValue(name, out var value) ? value : "";
    }
}
