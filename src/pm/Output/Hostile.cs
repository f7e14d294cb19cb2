using System.Text;

namespace Pm.Cli.Output;

/// <summary>Text from outside on its way to a terminal: what could steer the terminal is made visible.</summary>
static class Hostile
{
    /// <summary><paramref name="text"/> with control characters (but not newlines) and direction overrides escaped.</summary>
    public static string Visible(string text) => Escape(text, keepNewlines: true);

    /// <summary>As <see cref="Visible"/>, for one cell of a table: newlines are escaped too.</summary>
    public static string OneLine(string text) => Escape(text, keepNewlines: false);

    static string Escape(string text, bool keepNewlines)
    {
        // Made only where it is needed: nearly all text is shown as it is.
        StringBuilder? result = null;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (IsSteering(c, keepNewlines))
            {
                result ??= new StringBuilder(text, 0, i, text.Length + 16);
                result.Append($"\\u{(int)c:x4}");
            }
            else
            {
                result?.Append(c);
            }
        }

        return result?.ToString() ?? text;
    }

    /// <summary>Whether it is one of the direction controls of UAX 9, which can make a line read as another one.</summary>
    public static bool IsDirection(int c) => c is (>= 0x202a and <= 0x202e) or (>= 0x2066 and <= 0x2069);

    // C0, DEL, C1, and direction controls.
    static bool IsSteering(char c, bool keepNewlines) => (char.IsControl(c) && !(keepNewlines && c == '\n')) || IsDirection(c);
}
