using System.Text;

namespace Pm.Cli.Output;

/// <summary>Breaks a paragraph into lines at its spaces.</summary>
static class WrappedText
{
    /// <summary>Lines of at most <paramref name="width"/> columns; a longer word stands alone.</summary>
    public static IEnumerable<string> Lines(string text, int width)
    {
        var line = new StringBuilder();
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line.ToString();
                line.Clear();
            }

            _ = line.Length > 0 ? line.Append(' ').Append(word) : line.Append(word);
        }

        if (line.Length > 0)
        {
            yield return line.ToString();
        }
    }
}
